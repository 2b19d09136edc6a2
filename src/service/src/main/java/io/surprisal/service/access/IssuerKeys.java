package io.surprisal.service.access;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/**
 * The public keys of whoever issues tokens, a JSON Web Key Set (RFC 7517) in a file or behind an address, read again every so often in the
 * background. What cannot be read leaves the keys as they were; at the start, a file has to be there, and what is elsewhere may be late.
 * Thread-safe.
 */
final class IssuerKeys {
    private static final Logger LOG = Logger.getLogger(IssuerKeys.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int OK = 200;

    private final String source;
    private final boolean elsewhere;
    private volatile List<JsonWebKey> current = List.of();
    private String text = "";
    private String problem = "";

    IssuerKeys(String source, Duration refresh) {
        if (!refresh.isPositive()) {
            throw new IllegalArgumentException(
                    "expected surprisal.access.tokens.refresh to be longer than 0, found " + refresh);
        }
        this.source = source;
        this.elsewhere = source.startsWith("https://") || source.startsWith("http://");
        if (!elsewhere) {
            try {
                take(read());
            } catch (IOException | JoseException | InterruptedException e) {
                throw new IllegalArgumentException(
                        "expected a JSON Web Key Set at %s, found: %s".formatted(source, e), e);
            }
        }
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                        .name("surprisal-issuer-keys")
                        .daemon()
                        .factory())
                .scheduleWithFixedDelay(
                        this::renew, elsewhere ? 0 : refresh.toNanos(), refresh.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Those that were read last; the same list until they are others. */
    List<JsonWebKey> current() {
        return current;
    }

    private void renew() {
        try {
            take(read());
            problem = "";
        } catch (IOException | JoseException | RuntimeException e) {
            if (!e.toString().equals(problem)) { // said once, and not every time
                problem = e.toString();
                LOG.warnf("the keys of tokens stay as they were: %s: %s", source, problem);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(String json) throws JoseException {
        if (!json.equals(text)) {
            List<JsonWebKey> keys = List.copyOf(new JsonWebKeySet(json).getJsonWebKeys());
            text = json;
            current = keys;
            LOG.infof("tokens are taken by %d keys of %s", keys.size(), source);
        }
    }

    private String read() throws IOException, InterruptedException {
        if (!elsewhere) {
            return Files.readString(Path.of(source));
        }
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(source))
                            .timeout(PATIENCE)
                            .header("accept", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                throw new IOException("expected 200, got " + answer.statusCode());
            }
            return answer.body();
        }
    }
}
