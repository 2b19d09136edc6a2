package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** Asks one service, and expects a status. */
record Door(HttpClient client, URI service, Map<String, String> headers) {
    Door(HttpClient client, URI service) {
        this(client, service, Map.of());
    }

    Door with(String header, String value) {
        return new Door(client, service, Map.of(header, value));
    }

    String get(String path, int status) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(service.resolve(path)).GET(), status);
    }

    String post(String path, String type, byte[] body, int status) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(service.resolve(path))
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
                status);
    }

    String metrics() {
        try {
            return get("/q/metrics", 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first of a stream of events; the stream is left alone then. */
    String event(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try (Stream<String> lines =
                client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            return lines.filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
        }
    }

    private String send(HttpRequest.Builder request, int status) throws IOException, InterruptedException {
        headers.forEach(request::header);
        HttpResponse<String> answer =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
        assertThat(answer.statusCode()).as("%s %s", answer.uri(), answer.body()).isEqualTo(status);
        return answer.body();
    }
}
