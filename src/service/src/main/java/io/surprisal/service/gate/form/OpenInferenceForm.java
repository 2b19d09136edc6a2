package io.surprisal.service.gate.form;

import com.fasterxml.jackson.core.JsonFactory;
import io.surprisal.service.gate.GatedRequest;
import io.surprisal.service.oip.http.RequestReader;
import io.surprisal.service.score.Images;
import java.util.regex.Pattern;

/** The Open Inference Protocol over HTTP, JSON or binary. */
record OpenInferenceForm(TensorReader tensors, JsonFactory json) implements Form {
    private static final Pattern PATH = Pattern.compile("/v2/models/[^/]+(/versions/[^/]+)?/infer");

    @Override
    public boolean fits(GatedRequest request) {
        return PATH.matcher(request.path()).matches();
    }

    @Override
    public Images images(GatedRequest request) {
        return OpenInferenceTensors.images(
                RequestReader.read(
                        json,
                        "classifier",
                        null,
                        request.body(),
                        RequestReader.jsonLength(request.header(RequestReader.JSON_LENGTH), request.body().length)),
                tensors);
    }
}
