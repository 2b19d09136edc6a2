package io.surprisal.training.onnx;

/** Arithmetic of the convolutions in an exported model. */
public enum ModelPrecision {
    FP32,
    /** Those convolutions in int8 for which it makes little difference ({@link Int8}). */
    INT8
}
