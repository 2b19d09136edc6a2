package io.surprisal.service.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Describes what every operation that takes images can answer when it fails. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemResponses implements OASFilter {
    private static final Map<String, String> PROBLEMS = new TreeMap<>(Map.of(
            "400", "An image or the request is not what is expected.",
            "401", "No key, or one that is not known, where keys are asked for.",
            "404", "There is no such model or version.",
            "413", "The body is over the limit.",
            "415", "The content type is none that is read.",
            "429", "The queue is full; Retry-After says in how many seconds to try again.",
            "500", "The model failed on these images.",
            "503", "The model is not being served."));

    @Override
    public Operation filterOperation(Operation operation) {
        if (operation.getRequestBody() != null) {
            boolean openInference =
                    operation.getTags() != null && operation.getTags().contains("open inference protocol");
            PROBLEMS.forEach((status, description) -> operation
                    .getResponses()
                    .addAPIResponse(status, openInference ? error(description) : problem(description)));
        }
        return operation;
    }

    /** What the Open Inference Protocol says instead. */
    private static APIResponse error(String description) {
        Schema schema = OASFactory.createSchema()
                .addType(Schema.SchemaType.OBJECT)
                .addProperty("error", OASFactory.createSchema().addType(Schema.SchemaType.STRING));
        return OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/json", OASFactory.createMediaType().schema(schema)));
    }

    private static APIResponse problem(String description) {
        Schema schema = OASFactory.createSchema().ref("#/components/schemas/Problem");
        return OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(
                                Problem.MEDIA_TYPE, OASFactory.createMediaType().schema(schema)));
    }
}
