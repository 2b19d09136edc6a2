package io.surprisal.service.http;

import io.surprisal.service.score.Choice;
import io.surprisal.service.score.InvalidRequestException;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request that scores images. All are text here: a number that is none is our 400, not a framework's 404. */
public record ScoreQuery(
        @Parameter(description = "Name of the model; left out: the default one.", example = "fashion-mnist")
        @RestQuery
        @Nullable
        String model,

        @Parameter(description = "Version of the model; left out: the highest being served.", example = "1")
        @RestQuery
        @Nullable
        String version,

        @Parameter(
                description = "Statistic that decides; left out: the bundle's default. GET /v1/models lists them.",
                example = "bits-per-dimension")
        @RestQuery
        @Nullable
        String statistic,

        @Parameter(
                description = "Share of clean images that may be flagged; left out: the bundle's default.",
                schema = @Schema(type = SchemaType.NUMBER),
                example = "0.01")
        @RestQuery
        @Nullable
        String fpr) {
    Choice choice() {
        return new Choice(given(model), given(version), given(statistic), rate());
    }

    private @Nullable Double rate() {
        String text = given(fpr);
        try {
            return text == null ? null : Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("expected fpr to be a number between 0 and 1, got '" + text + "'");
        }
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
