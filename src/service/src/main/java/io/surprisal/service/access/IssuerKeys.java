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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of whoever issues tokens, a JSON Web Key Set (RFC 7517) in a file or behind an address, read again every so often in the
 * background. What cannot be read leaves the keys as they were; at the start, a file has to be there, and what is elsewhere may be late.
 * Thread-safe.
 */
final class IssuerKeys implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(IssuerKeys.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long MOST_BYTES = 1 << 20;
    private static final int OK = 200;

    private final String source;
    private final @Nullable HttpClient client;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("surprisal-issuer-keys").daemon().factory());
    private volatile List<JsonWebKey> current = List.of();
    private String text = "";
    private String problem = "";

    /**
     * @param source a file, or an address
     * @param refresh how often it is read
     */
    IssuerKeys(String source, Duration refresh) {
        if (!refresh.isPositive()) {
            throw new IllegalArgumentException(
                    "expected surprisal.access.tokens.refresh to be longer than 0, found " + refresh);
        }
        this.source = source;
        boolean elsewhere = isElsewhere(source);
        this.client =
                elsewhere ? HttpClient.newBuilder().connectTimeout(PATIENCE).build() : null;
        if (!elsewhere) {
            try {
                take(Files.readString(Path.of(source)));
            } catch (IOException | JoseException e) {
                throw new IllegalArgumentException(
                        "expected a JSON Web Key Set at %s, found: %s".formatted(source, e), e);
            }
        }
        thread.scheduleWithFixedDelay(
                this::renew, elsewhere ? 0 : refresh.toNanos(), refresh.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether it is an address and no file. Whoever is on the way to one without TLS could put keys of his own there. */
    private static boolean isElsewhere(String source) {
        boolean plain = source.startsWith("http://");
        String host = plain ? URI.create(source).getHost() : null;
        if (plain && (host == null || !Loopback.is(host))) {
            throw new IllegalArgumentException(
                    "expected surprisal.access.tokens.keys to be a file or to begin with https://, found " + source);
        }
        return plain || source.startsWith("https://");
    }

    /** Those that were read last; the same list until they are others. */
    List<JsonWebKey> current() {
        return current;
    }

    /** Reads them now; what cannot be read leaves them as they were. */
    synchronized void renew() {
        try {
            take(read());
            problem = "";
        } catch (IOException | JoseException | ExecutionException | TimeoutException | RuntimeException e) {
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

    private String read() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        if (client == null) {
            return Files.readString(Path.of(source));
        }
        CompletableFuture<HttpResponse<String>> answering = client.sendAsync(
                HttpRequest.newBuilder(URI.create(source))
                        .header("accept", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST_BYTES));
        try {
            HttpResponse<String> answer = answering.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            if (answer.statusCode() != OK) {
                throw new IOException("expected 200, got " + answer.statusCode());
            }
            return answer.body();
        } finally {
            answering.cancel(true); // one that stalls would keep its connection
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        if (client != null) {
            client.shutdownNow();
        }
    }
}
