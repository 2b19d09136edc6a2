package io.surprisal.detector.density;

/**
 * Where a model runs.
 *
 * @param provider whose kernels; never {@link ExecutionProvider#AUTO}
 * @param reason why it is that one, for people: what {@link ExecutionProvider#AUTO} found missing, for example
 */
public record Placement(ExecutionProvider provider, String reason) {}
