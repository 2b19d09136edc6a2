package io.surprisal.training.onnx;

/** Handle of one tensor in an {@link OnnxGraph}. */
public record OnnxValue(String name) {}
