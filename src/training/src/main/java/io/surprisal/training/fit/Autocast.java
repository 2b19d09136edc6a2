package io.surprisal.training.fit;

import static org.bytedeco.pytorch.global.torch.set_autocast_cache_enabled;
import static org.bytedeco.pytorch.global.torch.set_autocast_dtype;
import static org.bytedeco.pytorch.global.torch.set_autocast_enabled;

import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Convolutions in bfloat16 while open, on the thread that opened it. */
final class Autocast implements AutoCloseable {
    private Autocast() {}

    static Autocast open(TrainingPlan.Precision precision) {
        if (precision == TrainingPlan.Precision.BF16) {
            set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
            // The cache of cast weights would outlive the step that changed the weights.
            set_autocast_cache_enabled(false);
            set_autocast_enabled(DeviceType.CPU, true);
        }
        return new Autocast();
    }

    @Override
    public void close() {
        set_autocast_enabled(DeviceType.CPU, false);
    }
}
