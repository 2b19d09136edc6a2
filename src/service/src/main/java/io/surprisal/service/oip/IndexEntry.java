package io.surprisal.service.oip;

import io.surprisal.service.model.BundleState;
import org.jspecify.annotations.Nullable;

/**
 * One version of a model, as the index of the repository has it.
 *
 * @param name of the model
 * @param version of the model
 * @param state READY, LOADING or UNAVAILABLE
 * @param reason why it is not ready, or why what lies in its folder now cannot take its place; empty when there is nothing to say
 */
public record IndexEntry(String name, String version, String state, String reason) {
    static IndexEntry of(BundleState bundle) {
        return switch (bundle) {
            case BundleState.Serving serving -> entry(serving, "READY", serving.refusal());
            case BundleState.Loading loading -> entry(loading, "LOADING", null);
            case BundleState.Refused refused -> entry(refused, "UNAVAILABLE", refused.reason());
            case BundleState.Unloaded unloaded -> entry(unloaded, "UNAVAILABLE", unloaded.describe());
        };
    }

    /** Whether requests may ask for it. */
    boolean ready() {
        return state.equals("READY");
    }

    private static IndexEntry entry(BundleState bundle, String state, @Nullable String reason) {
        return new IndexEntry(bundle.name(), bundle.version(), state, reason == null ? "" : reason);
    }
}
