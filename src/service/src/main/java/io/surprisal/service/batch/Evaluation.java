package io.surprisal.service.batch;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.Levels;

/**
 * One run of a model: what batches are made for. Images are joined only when they share the same evaluation object and shape, so a model
 * keeps one for its lifetime. Called from several threads at once.
 */
@FunctionalInterface
public interface Evaluation {
    /** Gives the conditionals of {@code images}, row by row in their order. */
    Conditionals of(Levels images);
}
