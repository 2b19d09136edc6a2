package io.surprisal.detector.density;

import ai.onnxruntime.OnnxValue;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts the tensors of this process that hold native memory: one that a run of a model did not close stays counted. */
final class OpenTensors {
    private static final LongAdder COUNT = new LongAdder();

    private OpenTensors() {}

    /** Tensors that have been made. */
    static void made(List<? extends OnnxValue> tensors) {
        COUNT.add(tensors.size());
    }

    /** Tensors whose run is over; counts down those that were really closed. */
    static void done(List<? extends OnnxValue> tensors) {
        COUNT.add(-tensors.stream().filter(OnnxValue::isClosed).count());
    }

    static long count() {
        return COUNT.sum();
    }
}
