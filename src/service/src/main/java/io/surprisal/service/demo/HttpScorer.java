package io.surprisal.service.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Scores one image a request over HTTP, as any program could: the file as the body, JSON back. */
final class HttpScorer implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final URI score;

    HttpScorer(URI service) {
        this.score = service.resolve("/v1/score");
    }

    Answer score(byte[] image) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(score)
                .header("content-type", "application/octet-stream")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofByteArray(image))
                .build();
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        JsonNode body = json.readTree(response.body());
        if (response.statusCode() != 200) {
            return Answer.error(body.path("detail").asText());
        }
        JsonNode verdict = body.path("verdicts").path(0);
        return Answer.of(
                verdict.path("flagged").asBoolean(),
                verdict.path("bitsPerDimension").asDouble(Double.POSITIVE_INFINITY),
                verdict.path("pValue").asDouble(),
                verdict.path("reason").asText());
    }

    @Override
    public void close() {
        client.close();
    }
}
