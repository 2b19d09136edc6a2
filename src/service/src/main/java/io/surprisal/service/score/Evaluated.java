package io.surprisal.service.score;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.service.model.ServedModel;

/**
 * What a model said of each dimension of a request's images, not yet judged.
 *
 * @param model the model that said it
 * @param conditionals row by row in the order of the images
 */
public record Evaluated(ServedModel model, Conditionals conditionals) {}
