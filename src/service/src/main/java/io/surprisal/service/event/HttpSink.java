package io.surprisal.service.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.service.recent.Outbox;
import io.surprisal.service.recent.Tally;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Posts events to one address, by the HTTP protocol binding of CloudEvents 1.0: one by one in the structured content mode, or several
 * together in the batched one.
 *
 * <p>What the other side may take later (no answer, 408, 429, 5xx) is sent again, three times in all with growing pauses; what it refuses
 * is not. So an event may arrive twice, with the same id, and not at all.
 */
final class HttpSink implements Outbox.Carrier<Supplier<ObjectNode>> {
    private static final String ONE = "application/cloudevents+json; charset=UTF-8";
    private static final String SEVERAL = "application/cloudevents-batch+json; charset=UTF-8";
    private static final int ATTEMPTS = 3;
    private static final Duration MOST_TIMEOUT = Duration.ofHours(1);
    private static final int SERVER_ERROR = 500;

    private final HttpClient client;
    private final RequestOptions target;
    private final Duration timeout;
    private final Duration pause;
    private final boolean batched;
    private final Tally tally;

    /**
     * @param address with the scheme http or https
     * @param timeout for each attempt
     * @param pause before the second attempt; longer before the third
     * @param batched whether several go together
     */
    HttpSink(Vertx vertx, URI address, Duration timeout, Duration pause, boolean batched, Tally tally) {
        if (!timeout.isPositive() || timeout.compareTo(MOST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "expected surprisal.events.timeout above 0, up to %s, got %s".formatted(MOST_TIMEOUT, timeout));
        }
        boolean tls = "https".equals(address.getScheme());
        if (address.getUserInfo() != null) {
            throw new IllegalArgumentException("expected surprisal.events.sink without a user's name or password");
        }
        if (address.getHost() == null || !tls && !"http".equals(address.getScheme())) {
            throw new IllegalArgumentException(
                    "expected surprisal.events.sink to be an address with http or https, got " + address);
        }
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setMaxPoolSize(1)
                .setConnectTimeout((int) timeout.toMillis())
                .setVerifyHost(true));
        this.target = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(address.getHost())
                .setPort(address.getPort() >= 0 ? address.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(path(address))
                .putHeader("content-type", batched ? SEVERAL : ONE)
                .setTimeout(timeout.toMillis());
        this.timeout = timeout;
        this.pause = pause;
        this.batched = batched;
        this.tally = tally;
    }

    private static String path(URI address) {
        String path = address.getRawPath() == null || address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        return address.getRawQuery() == null ? path : path + "?" + address.getRawQuery();
    }

    @Override
    public void carry(List<Supplier<ObjectNode>> events) throws InterruptedException {
        if (batched) {
            send(
                    events.stream().map(event -> event.get().toString()).collect(Collectors.joining(",", "[", "]")),
                    events.size());
        } else {
            for (Supplier<ObjectNode> event : events) {
                send(event.get().toString(), 1);
            }
        }
    }

    private void send(String body, int events) throws InterruptedException {
        Buffer buffer = Buffer.buffer(body);
        String problem = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos() << (2 * (attempt - 1)));
            }
            try {
                int status = status(buffer);
                if (status < 300) {
                    tally.handedOn(events);
                    return;
                }
                problem = "status " + status;
                if (status < SERVER_ERROR && status != 429 && status != 408) {
                    break;
                }
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                problem = String.valueOf(e.getCause() == null ? e : e.getCause());
            }
        }
        tally.lost(
                events, "expected %s:%d to take them, found %s".formatted(target.getHost(), target.getPort(), problem));
    }

    private int status(Buffer body) throws InterruptedException, ExecutionException, TimeoutException {
        return client.request(target)
                .compose(request -> request.send(body))
                .compose(response -> response.end().map(response.statusCode()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        client.close();
    }
}
