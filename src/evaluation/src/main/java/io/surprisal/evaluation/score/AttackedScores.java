package io.surprisal.evaluation.score;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.attack.Attack;

/**
 * What became of one attack.
 *
 * @param attack on the first images of the clean set, in their order
 * @param scores of the attacked images
 * @param successful places of the images that the classifier had right when clean, and has wrong now
 * @param examples the first few attacked images
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record AttackedScores(Attack attack, Scores scores, int[] successful, Levels examples) {

    /** The scores of the successful ones alone. */
    public Scores successfulScores() {
        return scores.pick(successful);
    }
}
