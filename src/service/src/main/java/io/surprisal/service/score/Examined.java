package io.surprisal.service.score;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.model.ServedModel;
import java.util.List;

/**
 * The answer to a request, with what it rests on.
 *
 * @param model the model that gave it
 * @param verdicts one for each image, in their order
 * @param conditionals what the model said of each dimension, row by row in the order of the images
 */
public record Examined(ServedModel model, List<Verdict> verdicts, Conditionals conditionals) {
    public Examined {
        verdicts = List.copyOf(verdicts);
    }
}
