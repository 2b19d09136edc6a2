package io.surprisal.service.score;

import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.model.ServedModel;
import java.util.List;

/**
 * The answer to a request.
 *
 * @param model the model that gave it
 * @param verdicts one for each image, in their order
 */
public record Scored(ServedModel model, List<Verdict> verdicts) {
    public Scored {
        verdicts = List.copyOf(verdicts);
    }
}
