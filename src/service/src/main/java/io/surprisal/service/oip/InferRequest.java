package io.surprisal.service.oip;

import io.surprisal.service.caller.Claim;
import io.surprisal.service.score.Choice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inference request, not yet checked.
 *
 * @param model name of the model, or null for the default one
 * @param version version of the model, or null for the highest being served
 * @param id comes back with the answer; empty for none
 * @param parameters {@code statistic} and {@code fpr} decide; {@code priority} and {@code timeout} say how urgent it is
 * @param inputs one of {@code image} and {@code encoded}
 * @param outputs which outputs to answer with; none: all that the model has but {@code log_prob}
 */
public record InferRequest(
        @Nullable String model,
        @Nullable String version,
        String id,
        Parameters parameters,
        List<InputTensor> inputs,
        List<RequestedOutput> outputs) {
    public InferRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    Choice choice(Claim caller) {
        return new Choice(model, version, parameters.statistic(), parameters.falsePositiveRate())
                .by(caller)
                .as(parameters.priority())
                .within(parameters.timeout());
    }
}
