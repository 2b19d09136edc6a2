package io.surprisal.service.http;

import io.smallrye.common.annotation.NonBlocking;
import io.surprisal.service.model.ModelCatalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code GET /v1/models}: what requests may ask for. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "models")
public class ModelsResource {
    private final ModelCatalogue catalogue;

    ModelsResource(ModelCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** The models being served. */
    @GET
    @NonBlocking
    @Operation(operationId = "models", summary = "Lists the models being served")
    public ModelsAnswer list() {
        return new ModelsAnswer(
                catalogue.served().stream().map(ModelsAnswer.Model::of).toList());
    }
}
