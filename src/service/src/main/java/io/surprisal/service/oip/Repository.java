package io.surprisal.service.oip;

import io.surprisal.service.model.ModelCatalogue;
import io.surprisal.service.model.ModelRepository;
import io.surprisal.service.score.InvalidRequestException;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The model repository extension of the protocol, whatever the transport. Thread-safe. */
@Singleton
public class Repository {
    /** What unloading takes along in Triton; here nothing depends on a model. */
    private static final String UNLOAD_DEPENDENTS = "unload_dependents";

    private final ModelCatalogue catalogue;
    private final ModelRepository models;

    Repository(ModelCatalogue catalogue, ModelRepository models) {
        this.catalogue = catalogue;
        this.models = models;
    }

    /** What there is, in the order of the folders. */
    public List<IndexEntry> index(boolean readyOnly) {
        return catalogue.states().stream()
                .map(IndexEntry::of)
                .filter(entry -> entry.ready() || !readyOnly)
                .toList();
    }

    /**
     * Loads a model from its folder; see {@link ModelRepository#load}.
     *
     * @param parameters names of the parameters given; none is known
     */
    public CompletableFuture<Void> load(String model, Collection<String> parameters) {
        return parameters.isEmpty()
                ? models.load(model)
                : CompletableFuture.failedFuture(new InvalidRequestException(
                        "expected no parameters, as a bundle brings all there is to configure, got " + parameters));
    }

    /**
     * Takes a model out of service; see {@link ModelRepository#unload}.
     *
     * @param parameters names of the parameters given
     */
    public CompletableFuture<Void> unload(String model, Collection<String> parameters) {
        return parameters.stream().allMatch(UNLOAD_DEPENDENTS::equals)
                ? models.unload(model)
                : CompletableFuture.failedFuture(new InvalidRequestException(
                        "expected no parameters but %s, got %s".formatted(UNLOAD_DEPENDENTS, parameters)));
    }
}
