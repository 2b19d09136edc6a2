package io.surprisal.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Made;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can go wrong: a bundle that says raster of a model that takes the dimensions in another order. */
class CausalityCheckTest {
    private static final ImageShape SHAPE = new ImageShape(1, 6, 6);

    @Test
    void aModelInTheOrderItSaysPasses() {
        AutoregressiveNetwork network = shuffled();
        try (DensityModel model = export(network)) {
            assertThat(CausalityCheck.of(model, network.order(), noise(), 1).changes())
                    .isEqualTo(32);
        }
    }

    @Test
    void aModelInAnotherOrderIsRefused() {
        try (DensityModel model = export(shuffled())) {
            assertThatThrownBy(() -> CausalityCheck.of(model, DimensionOrder.RASTER, noise(), 1))
                    .isInstanceOf(ExportRefusedException.class)
                    .hasMessageContaining("order raster")
                    .hasMessageContaining("before it by");
        }
    }

    private static AutoregressiveNetwork shuffled() {
        return Made.FAMILY.parse(SHAPE, 2, Map.of("hidden-layers", "40", "order-seed", "9"));
    }

    private static DensityModel export(AutoregressiveNetwork network) {
        float[] weights = network.parameters().initial(1);
        Random random = new Random(2);
        for (int i = 0; i < weights.length; i++) {
            weights[i] += 0.3f * (float) random.nextGaussian();
        }
        byte[] model = OnnxExport.model(network, weights, Map.of());
        return OnnxDensityModel.of(model, SHAPE, 2, SessionSettings.defaults());
    }

    private static Levels noise() {
        Random random = new Random(3);
        byte[] data = new byte[10 * SHAPE.dimensions()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) random.nextInt(2);
        }
        return Levels.of(SHAPE, 2, 10, data);
    }
}
