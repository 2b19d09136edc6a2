package io.surprisal.service.http;

import io.surprisal.service.caller.Callers;
import io.surprisal.service.score.Choice;
import io.surprisal.service.score.InvalidRequestException;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
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
                schema =
                        @Schema(
                                type = SchemaType.NUMBER,
                                minimum = "0",
                                exclusiveMinimum = true,
                                maximum = "1",
                                exclusiveMaximum = true),
                example = "0.01")
        @RestQuery
        @Nullable
        String fpr,

        @Parameter(
                description = "normal, or bulk for images that may wait until there is time; left out: normal.",
                schema = @Schema(enumeration = {"normal", "bulk"}))
        @RestQuery
        @Nullable
        String priority,

        @Parameter(
                description =
                        "Milliseconds that the caller waits; what has no verdict by then is answered 504 and not evaluated.",
                schema = @Schema(type = SchemaType.INTEGER, minimum = "1"),
                example = "200")
        @RestQuery
        @Nullable
        String timeout) {
    private static final List<String> VALUES = List.of("fpr", "priority", "timeout", "epsilon");

    /** @param caller in whose name */
    Choice choice(RoutingContext caller) {
        VALUES.forEach(name -> requireValue(name, caller));
        return new Choice(given(model), given(version), given(statistic), rate())
                .by(Callers.of(caller))
                .as(Choice.priority(priority == null ? null : priority.strip()))
                .within(patience());
    }

    private @Nullable Duration patience() {
        try {
            return timeout == null ? null : Duration.ofMillis(Integer.parseInt(timeout.strip()));
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("expected timeout to be a number of milliseconds, got '" + timeout + "'");
        }
    }

    private @Nullable Double rate() {
        try {
            return fpr == null ? null : Double.valueOf(fpr.strip());
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("expected fpr to be a number between 0 and 1, got '" + fpr + "'");
        }
    }

    /** A number that is blank is not what the caller meant; the framework would take it for one that was left out. */
    private static void requireValue(String name, RoutingContext caller) {
        @Nullable String text = caller.queryParams().get(name);
        if (text != null && text.isBlank()) {
            throw new InvalidRequestException("expected a value for %s, got '%s'".formatted(name, text));
        }
    }

    /** A name that is blank is left out. */
    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
