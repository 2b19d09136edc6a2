package io.surprisal.detector.density;

/** Whose kernels run a model: ONNX Runtime's execution providers, as far as they give float32 results. */
public enum ExecutionProvider {
    /** CUDA where it can be had, and else the processor; TensorRT has to be asked for, since it builds its engine for minutes. */
    AUTO,
    /** The processor. */
    CPU,
    /** A graphics processor of NVIDIA's, by CUDA and cuDNN. */
    CUDA,
    /** The same by TensorRT; what it cannot do goes to CUDA. */
    TENSORRT;

    /** Whether batches go to a device with memory of its own. */
    public boolean onDevice() {
        return this == CUDA || this == TENSORRT;
    }
}
