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
        /** The value of a metric without labels; 0 for one that is not there. */
        double value(String name) {
            return text.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElse(0);
        }
    }

    Reading read() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(metrics).header("accept", "text/plain").build();
        return new Reading(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Override
    public void close() {
        client.close();
    }
}
