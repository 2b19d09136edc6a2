package io.surprisal.service.oip.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the description of the API says of the bodies that {@link RequestReader} reads and {@link AnswerWriter} writes, token by token; nobody
 * makes one of these.
 */
final class InferenceBodies {
    private InferenceBodies() {}

    @Schema(name = "InferenceRequest", requiredProperties = "inputs")
    record Request(
            @Schema(description = "Comes back with the answer.")
            String id,

            @Schema(description = "statistic and fpr decide; priority and timeout (microseconds) say how urgent it is.")
            Map<String, Object> parameters,

            @Schema(description = "One: image, or encoded.", minItems = 1, maxItems = 1)
            List<RequestInput> inputs,

            @Schema(description = "Left out: all that the model has but log_prob.")
            List<RequestOutput> outputs) {}

    @Schema(
            name = "InferenceRequestInput",
            requiredProperties = {"name", "datatype", "shape"})
    record RequestInput(
            @Schema(enumeration = {"image", "encoded"}) String name,

            @Schema(
                    description = "UINT8 for image, BYTES for encoded.",
                    enumeration = {"UINT8", "BYTES"})
            String datatype,

            @Schema(description = "[N, C, H, W] for image, [N] for encoded.", examples = "[1, 1, 28, 28]")
            List<Integer> shape,

            @Schema(
                    description =
                            "Levels, nested or flat, or files in base64; left out where binary_data_size is a parameter.",
                    type = SchemaType.ARRAY)
            Object data,

            Map<String, Object> parameters) {}

    @Schema(name = "InferenceRequestOutput", requiredProperties = "name")
    record RequestOutput(
            @Schema(
                    description = "screened only of a model that has a screen.",
                    enumeration = {"flagged", "p_value", "bits_per_dimension", "log_likelihood", "screened", "log_prob"
                    })
            String name,

            Map<String, Object> parameters) {}

    @Schema(
            name = "InferenceAnswer",
            requiredProperties = {"model_name", "model_version", "outputs"})
    record Answer(
            @JsonProperty("model_name") String modelName,
            @JsonProperty("model_version") String modelVersion,
            String id,
            List<AnswerOutput> outputs) {}

    @Schema(
            name = "InferenceAnswerOutput",
            requiredProperties = {"name", "datatype", "shape"})
    record AnswerOutput(
            String name,
            String datatype,
            List<Integer> shape,

            @Schema(
                    description = "A number that is not finite is null; left out where it is asked for in binary.",
                    type = SchemaType.ARRAY)
            Object data,

            Map<String, Object> parameters) {}
}
