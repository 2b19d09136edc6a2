package io.surprisal.service.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A service's own metrics, as it prints them for Prometheus. */
final class ServiceMetrics implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI metrics;

    ServiceMetrics(URI service) {
        this.metrics = service.resolve("/q/metrics");
    }

    /** All of them at one moment. */
    record Reading(String text) {
        /** The value of a metric without labels. @throws IllegalStateException when there is none */
        double value(String name) {
            return text.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("expected a metric " + name + ", found none"));
        }
    }

    Reading read() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(metrics).header("accept", "text/plain").build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("expected metrics from %s, got status %d".formatted(metrics, answer.statusCode()));
        }
        return new Reading(answer.body());
    }

    @Override
    public void close() {
        client.close();
    }
}
