package io.surprisal.service.oip;

import io.surprisal.service.model.ModelCatalogue;
import io.surprisal.service.model.ModelNotReadyException;
import io.surprisal.service.model.ServedModel;
import io.surprisal.service.model.UnknownModelException;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** What the server says of itself and of its models. Thread-safe. */
@Singleton
public class Server {
    private static final List<String> EXTENSIONS = List.of("binary_tensor_data", "model_repository", "schedule_policy");

    private final ModelCatalogue catalogue;
    private final ServerDescription description;

    Server(
            ModelCatalogue catalogue,
            @ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.catalogue = catalogue;
        this.description = new ServerDescription(name, version, EXTENSIONS);
    }

    /** Name, version, extensions. */
    public ServerDescription describe() {
        return description;
    }

    /** Whether every model can answer. */
    public boolean ready() {
        return catalogue.ready();
    }

    /**
     * Whether a model can answer.
     *
     * @param version null for whichever version serves
     * @throws UnknownModelException when there is none of that name and version
     */
    public boolean ready(String model, @Nullable String version) {
        try {
            catalogue.select(model, version);
            return true;
        } catch (ModelNotReadyException e) {
            return false;
        }
    }

    /**
     * What a model takes and gives.
     *
     * @param version null for the highest being served
     * @throws UnknownModelException when there is none of that name and version
     * @throws ModelNotReadyException when there is, and it is loading or refused
     */
    public ModelDescription describe(String model, @Nullable String version) {
        ServedModel served = catalogue.select(model, version);
        List<String> versions = catalogue.served().stream()
                .map(ServedModel::manifest)
                .filter(manifest -> manifest.name().equals(model))
                .map(manifest -> manifest.version())
                .toList();
        return ModelDescription.of(served, versions);
    }
}
