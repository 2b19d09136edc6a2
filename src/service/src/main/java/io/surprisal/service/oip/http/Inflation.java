package io.surprisal.service.oip.http;

import io.surprisal.service.score.InvalidRequestException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Takes the compression off a body, and no more of it than a body may have. */
public final class Inflation {
    private Inflation() {}

    /**
     * Gives the body itself.
     *
     * @param encoding the header Content-Encoding, or null
     * @param limit most bytes that come out
     */
    public static byte[] of(@Nullable String encoding, byte[] body, int limit) {
        if (encoding == null || encoding.equalsIgnoreCase("identity")) {
            return body;
        }
        try (InputStream inflated = stream(encoding, body)) {
            byte[] bytes = inflated.readNBytes(limit);
            if (bytes.length == limit && inflated.read() >= 0) {
                throw new InvalidRequestException(
                        "expected a body of at most %d bytes once it is decompressed, got more".formatted(limit));
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidRequestException(
                    "expected a body compressed with %s, got one that is not".formatted(encoding));
        }
    }

    private static InputStream stream(String encoding, byte[] body) throws IOException {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(body));
            case "deflate" -> new InflaterInputStream(new ByteArrayInputStream(body));
            default ->
                throw new InvalidRequestException("expected gzip or deflate as the content encoding, got " + encoding);
        };
    }
}
