package io.surprisal.service.oip.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.NonBlocking;
import io.surprisal.service.http.Answers;
import io.surprisal.service.oip.IndexEntry;
import io.surprisal.service.oip.Repository;
import io.surprisal.service.score.InvalidRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code POST /v2/repository/…}: the index, loading and unloading. */
@Path("/v2/repository")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
@Tag(name = "open inference protocol")
public class RepositoryResource {
    private static final int LARGEST_BODY = 64 * 1024;

    private final Repository repository;
    private final ObjectMapper json;

    RepositoryResource(Repository repository, ObjectMapper json) {
        this.repository = repository;
        this.json = json;
    }

    /** All versions of all models, and how each one stands. */
    @POST
    @Path("/index")
    @Operation(operationId = "repositoryIndex", summary = "Lists the models of the repository")
    @RequestBody(
            required = false,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    public List<IndexEntry> index(byte @Nullable [] body) {
        return repository.index(object(body).path("ready").asBoolean(false));
    }

    /** Loads what has changed of a model; answers when every version has been tried. */
    @POST
    @Path("/models/{model}/load")
    @Operation(operationId = "repositoryLoad", summary = "Loads a model")
    @APIResponse(responseCode = "200", description = "Every version has been tried.")
    @RequestBody(
            required = false,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    public CompletionStage<RestResponse<Void>> load(@RestPath String model, byte @Nullable [] body) {
        return Answers.of(repository.load(model, parameters(body)), loaded -> RestResponse.ok());
    }

    /** Takes a model out of service. */
    @POST
    @Path("/models/{model}/unload")
    @Operation(operationId = "repositoryUnload", summary = "Unloads a model")
    @APIResponse(responseCode = "200", description = "It answers no more requests.")
    @RequestBody(
            required = false,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    public CompletionStage<RestResponse<Void>> unload(@RestPath String model, byte @Nullable [] body) {
        return Answers.of(repository.unload(model, parameters(body)), unloaded -> RestResponse.ok());
    }

    private List<String> parameters(byte @Nullable [] body) {
        return object(body)
                .path("parameters")
                .propertyStream()
                .map(Map.Entry::getKey)
                .toList();
    }

    private JsonNode object(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return json.createObjectNode();
        }
        try {
            JsonNode node = body.length > LARGEST_BODY ? null : json.readTree(new String(body, StandardCharsets.UTF_8));
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(
                    "expected a JSON object, got JSON that is not: " + e.getOriginalMessage());
        }
        throw new InvalidRequestException("expected a JSON object of at most %d bytes".formatted(LARGEST_BODY));
    }
}
