package io.surprisal.evaluation.protocol;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.report.EvaluationReport;
import io.surprisal.evaluation.score.AttackedScores;
import io.surprisal.evaluation.score.Scores;
import java.util.List;

/**
 * The numbers of an evaluation, and the scores behind them, from which pictures are drawn.
 *
 * @param report the numbers
 * @param train scores of training images
 * @param clean scores of clean test images
 * @param attacked scores of attacked images, an attack each
 * @param examples the first clean images, of which the attacks' examples were made
 */
public record EvaluationOutcome(
        EvaluationReport report, Scores train, Scores clean, List<AttackedScores> attacked, Levels examples) {}
