package io.surprisal.service.gate.form;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.gate.GatedRequest;
import io.surprisal.service.oip.http.Inflation;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import jakarta.inject.Singleton;
import java.util.List;

/** All forms. Thread-safe. */
@Singleton
public class Forms {
    private final List<Form> forms;
    private final int bodyLimit;

    Forms(SurprisalConfig config, ObjectMapper json) {
        TensorReader tensors = TensorReader.of(config.gate().tensor());
        this.bodyLimit = Math.toIntExact(config.limits().body().asLongValue());
        this.forms = List.of(
                new OpenInferenceGrpcForm(tensors, bodyLimit),
                new OpenInferenceForm(tensors, json.getFactory()),
                new TensorFlowForm(tensors, json.getFactory()),
                new FilesForm(List.copyOf(config.gate().formFields().orElse(List.of()))));
    }

    /**
     * The images of a request.
     *
     * @throws InvalidRequestException when it is in no known form, or its images cannot be told for sure
     */
    public Images images(GatedRequest request) {
        GatedRequest plain = new GatedRequest(
                request.path(),
                request.headers(),
                request.caller(),
                Inflation.of(request.header("content-encoding"), request.body(), bodyLimit),
                request.replaceable());
        return forms.stream()
                .filter(form -> form.fits(plain))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException(
                        "expected images in a form the gate can judge (an image file, multipart/form-data, the Open Inference Protocol, or TensorFlow Serving's JSON), got "
                                + (plain.mediaType().isEmpty() ? "a body without a content type" : plain.mediaType())
                                + " for " + plain.path()))
                .images(plain);
    }
}
