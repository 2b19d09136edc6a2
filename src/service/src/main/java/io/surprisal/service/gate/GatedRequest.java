package io.surprisal.service.gate;

import io.surprisal.service.caller.Claim;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way to a classifier.
 *
 * @param path without the query
 * @param headers by lower-case name; null for one that is not there
 * @param caller who sent it, as far as that can be told, and the trace of it
 * @param body all of it
 * @param replaceable whether another body can go on in its place
 */
public record GatedRequest(
        String path, Function<String, @Nullable String> headers, Claim caller, byte[] body, boolean replaceable) {
    /** A header, or null. */
    public @Nullable String header(String name) {
        return headers.apply(name.toLowerCase(Locale.ROOT));
    }

    /** The media type without its parameters, in lower case; empty when there is none. */
    public String mediaType() {
        String type = header("content-type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
