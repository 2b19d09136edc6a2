package io.surprisal.service.http;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import io.surprisal.service.model.ModelCatalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** {@code GET /v1/models}: what requests may ask for, and what comes with each model. */
@Path("/v1/models")
@Tag(name = "models")
public class ModelsResource {
    private static final String CARD = "README.md";
    private static final String SAMPLES = "samples";

    private final ModelCatalogue catalogue;

    ModelsResource(ModelCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** The models being served. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @NonBlocking
    @Operation(operationId = "models", summary = "Lists the models being served")
    public ModelsAnswer list() {
        return new ModelsAnswer(
                catalogue.served().stream().map(ModelsAnswer.Model::of).toList());
    }

    /** What clean images score. */
    @GET
    @Path("/{model}/versions/{version}/calibration")
    @Produces(MediaType.APPLICATION_JSON)
    @NonBlocking
    @Operation(operationId = "calibration", summary = "Describes what clean images score, by which a model judges")
    public CalibrationAnswer calibration(@RestPath String model, @RestPath String version) {
        return CalibrationAnswer.of(catalogue.select(model, version));
    }

    /** The model card, as its maker wrote it. */
    @GET
    @Path("/{model}/versions/{version}/card")
    @Produces("text/markdown")
    @Blocking
    @Operation(operationId = "card", summary = "Gives the card of a model")
    public byte[] card(@RestPath String model, @RestPath String version) throws IOException {
        return bytes(folder(model, version).resolve(CARD));
    }

    /** Names of the sample images that lie beside a model. */
    @GET
    @Path("/{model}/versions/{version}/samples")
    @Produces(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(operationId = "samples", summary = "Lists the sample images of a model")
    public List<String> samples(@RestPath String model, @RestPath String version) throws IOException {
        java.nio.file.Path samples = folder(model, version).resolve(SAMPLES);
        if (!Files.isDirectory(samples)) {
            return List.of();
        }
        try (Stream<java.nio.file.Path> files = Files.list(samples)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".png"))
                    .sorted()
                    .toList();
        }
    }

    /** One of them. */
    @GET
    @Path("/{model}/versions/{version}/samples/{name}")
    @Produces("image/png")
    @Blocking
    @Operation(operationId = "sample", summary = "Gives a sample image of a model")
    public byte[] sample(@RestPath String model, @RestPath String version, @RestPath String name) throws IOException {
        // Only what is listed: no name leads out of the folder.
        if (!samples(model, version).contains(name)) {
            throw new AbsentException("the model has no such sample image");
        }
        return bytes(folder(model, version).resolve(SAMPLES).resolve(name));
    }

    private java.nio.file.Path folder(String model, String version) {
        return catalogue.select(model, version).folder();
    }

    private static byte[] bytes(java.nio.file.Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new AbsentException("the model came without " + file.getFileName());
        }
        return Files.readAllBytes(file);
    }
}
