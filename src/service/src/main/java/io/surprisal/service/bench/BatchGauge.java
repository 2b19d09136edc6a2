package io.surprisal.service.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Reads from the service's own metrics how large its batches were. */
final class BatchGauge implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI metrics;
    private double runs;
    private double images;

    BatchGauge(URI service) {
        this.metrics = service.resolve("/q/metrics");
    }

    /** Gives the mean images in a run of the model since the last call, at least 1. */
    int meanSinceLastCall() throws IOException, InterruptedException {
        String text = client.send(
                        HttpRequest.newBuilder(metrics)
                                .header("accept", "text/plain")
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        double runsBefore = runs;
        double imagesBefore = images;
        runs = value(text, "surprisal_batch_images_count ");
        images = value(text, "surprisal_batch_images_sum ");
        return (int) Math.max(1, Math.round((images - imagesBefore) / Math.max(1, runs - runsBefore)));
    }

    private static double value(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        client.close();
    }
}
