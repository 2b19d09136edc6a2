package io.surprisal.service.score;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.model.ServedModel;

/**
 * A likelier image near one that was sent.
 *
 * @param model the model by which it is likelier
 * @param image one image
 * @param before the verdict on the image that was sent
 * @param after the verdict on the likelier one
 */
public record Purified(ServedModel model, Levels image, Verdict before, Verdict after) {}
