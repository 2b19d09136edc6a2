package io.surprisal.service.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a bundle stands between being found and being served. */
public sealed interface BundleState {
    /** The folder the bundle lies in. */
    Path folder();

    /** One word or sentence for whoever asks after the service's health. */
    String describe();

    /** Name of the model; by the folder's name, which is all that is known of a bundle that does not load. */
    default String name() {
        Path parent = folder().toAbsolutePath().normalize().getParent();
        Path name = parent == null ? null : parent.getFileName();
        return name == null ? folder().toString() : name.toString();
    }

    /** Version of the model, likewise. */
    default String version() {
        Path name = folder().toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString();
    }

    /** Name and version. */
    default String label() {
        return name() + "/" + version();
    }

    /** Found, not yet checked. */
    record Loading(Path folder) implements BundleState {
        @Override
        public String describe() {
            return "loading";
        }
    }

    /**
     * Every clause of the contract holds and the golden images gave their values.
     *
     * @param refusal why what lies in the folder since cannot take its place; null when nothing else does
     */
    record Serving(Path folder, ServedModel model, @Nullable String refusal) implements BundleState {
        @Override
        public String name() {
            return model.manifest().name();
        }

        @Override
        public String version() {
            return model.manifest().version();
        }

        @Override
        public String describe() {
            return refusal == null ? "serving" : "serving what was there before; refused: " + refusal;
        }
    }

    /** Breaks the contract and never serves. */
    record Refused(Path folder, String reason) implements BundleState {
        @Override
        public String describe() {
            return "refused: " + reason;
        }
    }

    /** Could perhaps be served, and is not wanted. */
    record Unloaded(Path folder, String reason) implements BundleState {
        @Override
        public String describe() {
            return "unloaded: " + reason;
        }
    }
}
