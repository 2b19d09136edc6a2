package io.surprisal.service.oip.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.NonBlocking;
import io.surprisal.service.caller.Callers;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.http.Answers;
import io.surprisal.service.http.FinishedBody;
import io.surprisal.service.oip.InferAnswer;
import io.surprisal.service.oip.InferRequest;
import io.surprisal.service.oip.Inference;
import io.surprisal.service.score.InvalidRequestException;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code POST /v2/models/…/infer}: JSON, or JSON with binary tensors behind it. */
@Path("/v2")
@Consumes(MediaType.WILDCARD)
@Produces({MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
@Tag(name = "open inference protocol")
public class InferResource {
    /** A body that an event loop can parse without keeping others waiting. */
    private static final int QUICK_BYTES = 64 * 1024;

    private final Inference inference;
    private final JsonFactory json;
    private final int bodyLimit;
    private final ExecutorService parsers = Executors.newVirtualThreadPerTaskExecutor();

    InferResource(Inference inference, ObjectMapper json, SurprisalConfig config) {
        this.inference = inference;
        this.json = json.getFactory();
        this.bodyLimit = Math.toIntExact(config.limits().body().asLongValue());
    }

    /** Asks the version that serves. */
    @POST
    @Path("/models/{model}/infer")
    @NonBlocking
    @Operation(operationId = "infer", summary = "Scores images")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = InferenceBodies.Request.class)))
    @APIResponse(
            responseCode = "200",
            description = "A verdict on each image; in binary behind the JSON what was asked for in binary.",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = InferenceBodies.Answer.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    public CompletionStage<RestResponse<FinishedBody>> infer(
            @RestPath String model,
            @Parameter(
                            description = "Bytes of the body that are JSON, where something binary is behind it.",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
                    @HeaderParam(RequestReader.JSON_LENGTH)
                    @Nullable
                    String jsonLength,
            @Parameter(schema = @Schema(enumeration = {"gzip", "deflate", "identity"}))
                    @HeaderParam(HttpHeaders.CONTENT_ENCODING)
                    @Nullable
                    String encoding,
            @Context RoutingContext caller,
            byte @Nullable [] body) {
        return infer(model, null, jsonLength, encoding, caller, body);
    }

    /** Asks one version. */
    @POST
    @Path("/models/{model}/versions/{version}/infer")
    @NonBlocking
    @Operation(operationId = "inferVersion", summary = "Scores images with one version of a model")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = InferenceBodies.Request.class)))
    @APIResponse(
            responseCode = "200",
            description = "A verdict on each image; in binary behind the JSON what was asked for in binary.",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = InferenceBodies.Answer.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    public CompletionStage<RestResponse<FinishedBody>> inferVersion(
            @RestPath String model,
            @RestPath String version,
            @Parameter(
                            description = "Bytes of the body that are JSON, where something binary is behind it.",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
                    @HeaderParam(RequestReader.JSON_LENGTH)
                    @Nullable
                    String jsonLength,
            @Parameter(schema = @Schema(enumeration = {"gzip", "deflate", "identity"}))
                    @HeaderParam(HttpHeaders.CONTENT_ENCODING)
                    @Nullable
                    String encoding,
            @Context RoutingContext caller,
            byte @Nullable [] body) {
        return infer(model, version, jsonLength, encoding, caller, body);
    }

    private CompletionStage<RestResponse<FinishedBody>> infer(
            String model,
            @Nullable String version,
            @Nullable String jsonLength,
            @Nullable String encoding,
            RoutingContext routing,
            byte @Nullable [] body) {
        Claim caller = Callers.of(routing);
        if (body == null || body.length == 0) {
            throw new InvalidRequestException("expected an inference request as the body, got an empty one");
        }
        if (body.length <= QUICK_BYTES && encoding == null) {
            return infer(request(model, version, jsonLength, null, body), caller);
        }
        return CompletableFuture.supplyAsync(() -> request(model, version, jsonLength, encoding, body), parsers)
                .thenCompose(request -> infer(request, caller));
    }

    private InferRequest request(
            String model,
            @Nullable String version,
            @Nullable String jsonLength,
            @Nullable String encoding,
            byte[] body) {
        byte[] plain = Inflation.of(encoding, body, bodyLimit);
        return RequestReader.read(json, model, version, plain, RequestReader.jsonLength(jsonLength, plain.length));
    }

    private CompletionStage<RestResponse<FinishedBody>> infer(InferRequest request, Claim caller) {
        CompletableFuture<InferAnswer> answer = inference.infer(request, caller);
        return Answers.of(answer, result -> response(AnswerWriter.write(json, request, result)));
    }

    private static RestResponse<FinishedBody> response(AnswerWriter.Body body) {
        FinishedBody finished = new FinishedBody(body.bytes());
        return body.binary()
                ? RestResponse.ResponseBuilder.ok(finished, MediaType.APPLICATION_OCTET_STREAM)
                        .header(RequestReader.JSON_LENGTH, body.jsonLength())
                        .build()
                : RestResponse.ResponseBuilder.ok(finished, MediaType.APPLICATION_JSON)
                        .build();
    }

    @PreDestroy
    void stop() {
        parsers.shutdown();
    }
}
