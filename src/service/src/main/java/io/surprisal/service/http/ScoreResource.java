package io.surprisal.service.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
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
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/score} in its three forms. */
@Path("/v1/score")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "score")
public class ScoreResource {
    private final Scoring scoring;
    private final ObjectMapper json;

    ScoreResource(Scoring scoring, ObjectMapper json) {
        this.scoring = scoring;
        this.json = json;
    }

    /** One image file as the body. What it is, its first bytes say; the content type is not trusted. */
    @POST
    @Consumes({"image/png", "image/jpeg", MediaType.APPLICATION_OCTET_STREAM})
    @NonBlocking
    @Operation(
            summary = "Scores images",
            description =
                    "One image file as the body, or several as parts of a form or as base64 in JSON. An image has to have exactly the size and channels of the model: nothing is resized.")
    @APIResponseSchema(ScoreAnswer.class)
    public CompletionStage<FinishedBody> file(
            @BeanParam ScoreQuery query, @Context RoutingContext caller, byte @Nullable [] body) {
        return score(List.of(MapResource.required(body)), query, caller);
    }

    /** Several image files as JSON. Megabytes of base64 take longer than an event loop can spare. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(
            summary = "Scores images",
            description =
                    "One image file as the body, or several as parts of a form or as base64 in JSON. An image has to have exactly the size and channels of the model: nothing is resized.")
    @APIResponseSchema(ScoreAnswer.class)
    public CompletionStage<FinishedBody> json(
            @BeanParam ScoreQuery query, @Context RoutingContext caller, @Nullable ScoreBody body) {
        if (body == null) {
            throw new InvalidRequestException("expected {\"images\":[{\"data\": base64}]}, got an empty body");
        }
        return score(body.encoded(), query, caller);
    }

    /** Several image files as the parts of a form. The parts lie on the disk, so this one may block. */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Blocking
    @Operation(
            summary = "Scores images",
            description =
                    "One image file as the body, or several as parts of a form or as base64 in JSON. An image has to have exactly the size and channels of the model: nothing is resized.")
    @APIResponseSchema(ScoreAnswer.class)
    public CompletionStage<FinishedBody> form(
            @BeanParam ScoreQuery query,
            @Context RoutingContext caller,
            @RestForm("image") @Nullable List<FileUpload> images)
            throws IOException {
        if (images == null || images.isEmpty()) {
            throw new InvalidRequestException("expected file parts named 'image', got none");
        }
        List<byte[]> encoded = new ArrayList<>(images.size());
        for (FileUpload image : images) {
            encoded.add(Files.readAllBytes(image.uploadedFile()));
        }
        return score(encoded, query, caller);
    }

    private CompletionStage<FinishedBody> score(List<byte[]> encoded, ScoreQuery query, RoutingContext caller) {
        return Answers.of(
                scoring.score(encoded, query.choice(caller)),
                scored -> FinishedBody.json(json, ScoreAnswer.of(scored)));
    }
}
