package io.surprisal.service.model;

import java.nio.file.Path;

/** Where a bundle stands between being found and being served. */
public sealed interface BundleState {
    /** The folder the bundle lies in. */
    Path folder();

    /** One word or sentence for whoever asks after the service's health. */
    String describe();

    /** Name and version by the folders' names, which is all that is known of a bundle that does not load. */
    default String label() {
        Path folder = folder().toAbsolutePath().normalize();
        int names = folder.getNameCount();
        return names < 2 ? folder.toString() : folder.subpath(names - 2, names).toString();
    }

    /** Found, not yet checked. */
    record Loading(Path folder) implements BundleState {
        @Override
        public String describe() {
            return "loading";
        }
    }

    /** Every clause of the contract holds and the golden images gave their values. */
    record Serving(Path folder, ServedModel model) implements BundleState {
        @Override
        public String describe() {
            return "serving";
        }
    }

    /** Breaks the contract and never serves. */
    record Refused(Path folder, String reason) implements BundleState {
        @Override
        public String describe() {
            return "refused: " + reason;
        }
    }
}
