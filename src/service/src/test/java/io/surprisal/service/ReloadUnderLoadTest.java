package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.surprisal.detector.TinyFault;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * 50 requests a second of three images each while 20 versions come, five of them broken: no request fails, and each answer is one
 * version's, in all its numbers.
 *
 * <p>20 seconds here; {@code -Dreload.seconds=180} makes it the three minutes of the acceptance test.
 */
@QuarkusTest
@QuarkusTestResource(value = Repository.class, restrictToAnnotatedClass = true)
class ReloadUnderLoadTest {
    private static final int RATE = 50;
    private static final int RELOADS = 20;
    private static final int SECONDS = Integer.getInteger("reload.seconds", 20);
    /** What each version says of each image, in its closed form. */
    private static final double[][] NATS = IntStream.range(0, RELOADS + 2)
            .mapToObj(version -> IntStream.range(0, 3)
                    .mapToDouble(image -> Repository.model(version).nats(Bundles.GREY.clean(image + 1, 3), image))
                    .toArray())
            .toArray(double[][]::new);

    private static final List<TinyFault> FAULTS = List.of(
            TinyFault.BYTE_CHANGED,
            TinyFault.OTHER_WEIGHTS,
            TinyFault.FORBIDDEN_OPERATOR,
            TinyFault.NO_CALIBRATION,
            TinyFault.NAN_OUTPUT);

    @Inject
    SurprisalConfig config;

    @Inject
    MeterRegistry registry;

    @Test
    void noRequestFailsAndNoAnswerMixesVersions() throws Exception {
        Service.awaitStarted();
        double triedBefore = tried();
        byte[] body = Http.json(Images.clean(0), Images.clean(1), Images.clean(2));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/score"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        List<CompletableFuture<HttpResponse<String>>> answers = Collections.synchronizedList(new ArrayList<>());
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ScheduledExecutorService clock = Executors.newScheduledThreadPool(2)) {
            Future<?> load = clock.scheduleAtFixedRate(
                    () -> answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString())),
                    0,
                    1_000_000 / RATE,
                    TimeUnit.MICROSECONDS);
            for (int version = 2; version < 2 + RELOADS; version++) {
                int next = version;
                clock.schedule(() -> reload(next), 1_000L * SECONDS / RELOADS, TimeUnit.MILLISECONDS)
                        .get();
            }
            Patience.until("every version has been tried", () -> tried() == triedBefore + RELOADS);
            load.cancel(false);
            Patience.until(
                    "every request is answered",
                    () -> List.copyOf(answers).stream().allMatch(CompletableFuture::isDone));
        }

        Set<String> versions = new HashSet<>();
        ObjectMapper json = new ObjectMapper();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            HttpResponse<String> response = answer.get();
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode verdicts = json.readTree(response.body());
            String version = verdicts.get("version").asText();
            versions.add(version);
            for (int image = 0; image < 3; image++) {
                assertThat(verdicts.get("verdicts")
                                .get(image)
                                .get("logLikelihoodNats")
                                .asDouble())
                        .as("version %s, image %d", version, image)
                        .isCloseTo(NATS[Integer.parseInt(version)][image], within(5e-3));
            }
        }
        assertThat(answers).hasSizeGreaterThan(RATE * SECONDS / 2);
        assertThat(versions).hasSizeGreaterThan(RELOADS / 3).allMatch(version -> !broken(Integer.parseInt(version)));
        Patience.until(
                "only the last version is in memory, and tiny-rgb",
                () -> registry.get("surprisal.models.open").gauge().value() == 2);
    }

    private void reload(int version) {
        try {
            if (broken(version)) {
                Repository.put(models(), version, FAULTS.get(version / 4 % FAULTS.size()));
            } else {
                Repository.put(models(), version);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every fourth of the versions 2 to 21. */
    private static boolean broken(int version) {
        return version % 4 == 0;
    }

    private double tried() {
        return registry.get("surprisal.models.loads").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private Path models() {
        return config.models().getFirst();
    }
}
