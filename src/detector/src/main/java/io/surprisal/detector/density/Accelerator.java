package io.surprisal.detector.density;

/**
 * Where a model is wanted to run.
 *
 * @param provider whose kernels
 * @param device which of several graphics processors, from 0; means nothing on the processor
 * @param memoryBytes most memory that ONNX Runtime's arena for one model takes of the device; 0: what it needs. cuDNN's and CUDA's own
 *     comes on top
 */
public record Accelerator(ExecutionProvider provider, int device, long memoryBytes) {
    public Accelerator {
        if (device < 0) {
            throw new IllegalArgumentException("expected a device of 0 or more, got " + device);
        }
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("expected 0 or more bytes of device memory, got " + memoryBytes);
        }
    }

    /** The processor. */
    public static Accelerator none() {
        return new Accelerator(ExecutionProvider.CPU, 0, 0);
    }
}
