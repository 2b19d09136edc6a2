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
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/map}: a picture of the surprisal of each pixel. */
@Path("/v1/map")
@Tag(name = "score")
public class MapResource {
    private static final String PNG = "image/png";

    private final Scoring scoring;

    MapResource(Scoring scoring) {
        this.scoring = scoring;
    }

    /** One image file as the body, a PNG of its size back. */
    @POST
    @Consumes({PNG, "image/jpeg", MediaType.APPLICATION_OCTET_STREAM})
    @Produces(PNG)
    @NonBlocking
    @Operation(
            operationId = "map",
            summary = "Draws the surprisal of each pixel",
            description = "A grey PNG of the image's size: black is 0 bits, white 16 bits a channel and more.")
    public CompletionStage<byte[]> map(
            @BeanParam ScoreQuery query, @Context RoutingContext caller, byte @Nullable [] body) {
        return Answers.of(
                scoring.evaluate(List.of(required(body)), query.choice(caller)),
                evaluated -> SurprisalMap.draw(
                        evaluated.conditionals(), evaluated.model().manifest().shape()));
    }

    /** A body that is one image file. */
    static byte[] required(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw new InvalidRequestException("expected a PNG or JPEG file as the body, got an empty one");
        }
        return body;
    }
}
