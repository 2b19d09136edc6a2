package io.surprisal.service.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Describes what each operation can answer when it fails. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemResponses implements OASFilter {
    private static final Map<String, String> PROBLEMS = Map.ofEntries(
            Map.entry("400", "An image or the request is not what is expected."),
            Map.entry("401", "No key, or one that is not known, where keys are asked for."),
            Map.entry("403", "Callers may not load and unload models here."),
            Map.entry("404", "There is no such model or version, or nothing of that name came with it."),
            Map.entry("413", "The body is over the limit."),
            Map.entry("415", "The content type is none that is read."),
            Map.entry("422", "The bundle breaks its contract."),
            Map.entry(
                    "429",
                    "The queue is full, or the caller makes too many requests; Retry-After says in how many seconds to try again."),
            Map.entry("500", "The model failed on these images."),
            Map.entry("503", "The model is not being served."),
            Map.entry("504", "There was no verdict in the time that the request gave."));

    private static final Set<String> ALWAYS = Set.of("401");
    private static final Set<String> BODY = Set.of("400", "413");
    private static final Set<String> TYPED_BODY = Set.of("415");
    private static final Set<String> MODEL = Set.of("404", "503");
    private static final Set<String> IMAGES = Set.of("429", "500", "504");
    private static final Set<String> CONTROL = Set.of("403", "422");

    private static final String OPEN_INFERENCE = "open inference protocol";

    @Override
    public Operation filterOperation(Operation operation) {
        boolean openInference = has(operation, OPEN_INFERENCE);
        for (String status : statuses(operation, openInference)) {
            APIResponse known = operation.getResponses().getAPIResponse(status);
            if (known == null || known.getContent() == null) { // else it says more of it itself
                String description = Objects.requireNonNull(PROBLEMS.get(status));
                operation
                        .getResponses()
                        .addAPIResponse(status, openInference ? error(description) : problem(description));
            }
        }
        return operation;
    }

    private static Set<String> statuses(Operation operation, boolean openInference) {
        Set<String> statuses = new TreeSet<>(ALWAYS);
        String name = operation.getOperationId() == null ? "" : operation.getOperationId();
        if (operation.getRequestBody() != null) {
            statuses.addAll(BODY);
            if (!openInference) {
                statuses.addAll(TYPED_BODY);
            }
        }
        boolean images = has(operation, "score") || name.startsWith("infer");
        if (images) {
            statuses.addAll(IMAGES);
        }
        if (images || isOfOneModel(operation)) {
            statuses.addAll(MODEL);
        }
        if (name.equals("repositoryLoad") || name.equals("repositoryUnload")) {
            statuses.addAll(CONTROL);
        }
        return statuses;
    }

    private static boolean isOfOneModel(Operation operation) {
        return operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> parameter.getIn() == Parameter.In.PATH);
    }

    private static boolean has(Operation operation, String tag) {
        return operation.getTags() != null && operation.getTags().contains(tag);
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
