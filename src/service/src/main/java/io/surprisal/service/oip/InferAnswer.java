package io.surprisal.service.oip;

import java.util.List;

/**
 * The answer to an inference request.
 *
 * @param model name of the model that gave it
 * @param version its version
 * @param id the request's; empty for none
 * @param outputs in the order asked for
 */
public record InferAnswer(String model, String version, String id, List<OutputTensor> outputs) {
    public InferAnswer {
        outputs = List.copyOf(outputs);
    }
}
