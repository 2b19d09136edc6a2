package io.surprisal.evaluation.protocol;

import io.surprisal.training.classifier.Classifier;
import org.jspecify.annotations.Nullable;

/**
 * The classifiers of an evaluation, the caller's to close.
 *
 * @param attacked the one behind the gate, on which success is judged
 * @param surrogate one of the attacker's own, for attacks that are handed on from it; null for none of those
 */
public record Classifiers(Seeded attacked, @Nullable Seeded surrogate) {

    /** A classifier, and the seed of its weights. */
    public record Seeded(Classifier classifier, long seed) {}
}
