package io.surprisal.service.http;

import io.smallrye.common.annotation.NonBlocking;
import io.surprisal.service.score.InvalidRequestException;
import io.surprisal.service.score.Scoring;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/explain} and {@code POST /v1/purify}: one image looked at closely, without counting as a decision. */
@Path("/v1")
@Consumes({"image/png", "image/jpeg", MediaType.APPLICATION_OCTET_STREAM})
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
@Tag(name = "score")
public class ExplainResource {
    private final Scoring scoring;

    ExplainResource(Scoring scoring) {
        this.scoring = scoring;
    }

    /** One image file as the body. */
    @POST
    @Path("/explain")
    @Operation(
            operationId = "explain",
            summary = "Says what the model expected at each pixel",
            description =
                    "Value, surprisal, expected surprisal and place in its conditional distribution of each dimension, and the verdict the image would get. It does not count as a verdict: neither in the metrics of verdicts, nor for drift, nor in the decision log.")
    public CompletionStage<ExplainAnswer> explain(
            @BeanParam ScoreQuery query, @Context RoutingContext caller, byte @Nullable [] body) {
        return Answers.of(scoring.explain(MapResource.required(body), query.choice(caller)), ExplainAnswer::of);
    }

    /** One image file as the body. */
    @POST
    @Path("/purify")
    @Operation(
            operationId = "purify",
            summary = "Makes an image likelier",
            description =
                    "The likelier image within epsilon levels of the one sent, as a PNG in base64, and the verdicts both would get. Takes 2 epsilon + 3 runs of the model.")
    public CompletionStage<PurifyAnswer> purify(
            @BeanParam ScoreQuery query,
            @Context RoutingContext caller,
            @Parameter(
                            description = "Levels by which a dimension may change; left out: 16.",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "0", maximum = "64"))
                    @RestQuery
                    @Nullable
                    String epsilon,
            byte @Nullable [] body) {
        return Answers.of(
                scoring.purify(MapResource.required(body), levels(epsilon), query.choice(caller)), PurifyAnswer::of);
    }

    private static int levels(@Nullable String epsilon) {
        try {
            return epsilon == null ? PurifyAnswer.DEFAULT_EPSILON : Integer.parseInt(epsilon.strip());
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("expected epsilon to be a number of levels, got '" + epsilon + "'");
        }
    }
}
