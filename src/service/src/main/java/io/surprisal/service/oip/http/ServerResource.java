package io.surprisal.service.oip.http;

import io.smallrye.common.annotation.NonBlocking;
import io.surprisal.service.oip.ModelDescription;
import io.surprisal.service.oip.Server;
import io.surprisal.service.oip.ServerDescription;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Health and metadata of the server and its models. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
@Tag(name = "open inference protocol")
public class ServerResource {
    private final Server server;

    ServerResource(Server server) {
        this.server = server;
    }

    /** Name, version, extensions. */
    @GET
    @Operation(operationId = "serverMetadata", summary = "Describes the server")
    public ServerDescription describe() {
        return server.describe();
    }

    /** Whoever reads this sees that it lives. */
    @GET
    @Path("/health/live")
    @Operation(operationId = "serverLive", summary = "Says that the server lives")
    public Liveness live() {
        return new Liveness(true);
    }

    /** 200 when every model can answer, else 503. */
    @GET
    @Path("/health/ready")
    @Operation(operationId = "serverReady", summary = "Says whether every model can answer")
    @APIResponseSchema(Readiness.class)
    @APIResponse(
            responseCode = "503",
            description = "Not now.",
            content = @Content(schema = @Schema(implementation = Readiness.class)))
    public RestResponse<Readiness> ready() {
        return readiness(null, server.ready());
    }

    /** What a model takes and gives. */
    @GET
    @Path("/models/{model}")
    @Operation(operationId = "modelMetadata", summary = "Describes a model")
    public ModelDescription describe(@RestPath String model) {
        return server.describe(model, null);
    }

    /** What a version of a model takes and gives. */
    @GET
    @Path("/models/{model}/versions/{version}")
    @Operation(operationId = "modelVersionMetadata", summary = "Describes a version of a model")
    public ModelDescription describe(@RestPath String model, @RestPath String version) {
        return server.describe(model, version);
    }

    /** 200 when a model can answer, 503 when it is here and cannot, 404 when it is not here. */
    @GET
    @Path("/models/{model}/ready")
    @Operation(operationId = "modelReady", summary = "Says whether a model can answer")
    @APIResponseSchema(Readiness.class)
    @APIResponse(
            responseCode = "503",
            description = "Not now.",
            content = @Content(schema = @Schema(implementation = Readiness.class)))
    public RestResponse<Readiness> ready(@RestPath String model) {
        return readiness(model, server.ready(model, null));
    }

    /** 200 when a version of a model can answer, 503 when it is here and cannot, 404 when it is not here. */
    @GET
    @Path("/models/{model}/versions/{version}/ready")
    @Operation(operationId = "modelVersionReady", summary = "Says whether a version of a model can answer")
    @APIResponseSchema(Readiness.class)
    @APIResponse(
            responseCode = "503",
            description = "Not now.",
            content = @Content(schema = @Schema(implementation = Readiness.class)))
    public RestResponse<Readiness> ready(@RestPath String model, @RestPath String version) {
        return readiness(model, server.ready(model, version));
    }

    private static RestResponse<Readiness> readiness(@Nullable String model, boolean ready) {
        return RestResponse.status(
                ready ? RestResponse.Status.OK : RestResponse.Status.SERVICE_UNAVAILABLE, new Readiness(model, ready));
    }
}
