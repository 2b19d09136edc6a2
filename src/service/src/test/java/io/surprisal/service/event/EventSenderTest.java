package io.surprisal.service.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.jackson.JsonFormat;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.drift.DriftAlarm;
import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.Patience;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.model.DriftNoticed;
import io.surprisal.service.recent.RecentDecision;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What can go wrong: what is sent is no CloudEvent to others, something is lost and nobody knows, or a receiver that is slow or gone holds
 * the service up. The events are read by the Java SDK of CloudEvents.
 */
@Timeout(60)
class EventSenderTest {
    private static final Levels IMAGES = TinyBundle.grey().clean(2, 3);
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private Receiver receiver;

    private record Settings(
            Optional<URI> sink,
            URI source,
            double flagged,
            double accepted,
            int batch,
            boolean images,
            Duration timeout)
            implements SurprisalConfig.Events {}

    @BeforeEach
    void listen() throws IOException {
        receiver = Receiver.start();
    }

    @AfterEach
    void close() {
        receiver.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aVerdictIsACloudEvent() throws Exception {
        EventSender sender = sender(1, 1, 1, true);
        sender.add(decision(1, true, 3.5), IMAGES, 1);
        sender.add(decision(2, false, Double.POSITIVE_INFINITY), IMAGES, 0);
        sender.stop(new ShutdownEvent());

        List<Receiver.Post> posts = receiver.posts();
        assertThat(posts).hasSize(2);
        assertThat(posts.getFirst().path()).isEqualTo("/events?of=surprisal");
        assertThat(posts.getFirst().type()).startsWith("application/cloudevents+json");
        CloudEvent first = event(posts.get(0).body());
        CloudEvent second = event(posts.get(1).body());
        assertThat(first.getSpecVersion()).isEqualTo(SpecVersion.V1);
        assertThat(first.getType()).isEqualTo("io.surprisal.verdict.v1");
        assertThat(first.getSource()).isEqualTo(URI.create("/gates/7"));
        assertThat(first.getSubject()).isEqualTo("tiny/1");
        assertThat(first.getTime()).isEqualTo(AT.atOffset(ZoneOffset.UTC));
        assertThat(first.getDataContentType()).isEqualTo("application/json");
        assertThat(first.getId()).isNotEqualTo(second.getId());
        JsonNode data = data(first);
        assertThat(data.path("flagged").asBoolean()).isTrue();
        assertThat(data.path("pValue").asDouble()).isEqualTo(0.001);
        assertThat(data.path("reason").asText()).isEqualTo("less typical than most");
        assertThat(new ImageDecoder(ImageLimits.defaults())
                        .decode(data.path("image").binaryValue())
                        .data())
                .as("the image that was judged")
                .isEqualTo(IMAGES.slice(1, 2).data());
        assertThat(data(second).path("bitsPerDimension").isNull()).isTrue();
        assertThat(sent()).isEqualTo(2);
    }

    @Test
    void imagesStayUnlessTheyAreAskedFor() throws Exception {
        EventSender sender = sender(1, 0, 1, false);
        sender.add(decision(1, true, 1), IMAGES, 0);
        sender.stop(new ShutdownEvent());
        assertThat(data(event(receiver.posts().getFirst().body())).has("image")).isFalse();
    }

    @Test
    void driftIsACloudEvent() throws Exception {
        EventSender sender = sender(1, 0, 1, false);
        sender.drift(new DriftNoticed(
                "tiny", "1", "typicality", new DriftAlarm(DriftAlarm.Kind.MORE_SUSPICIOUS, 1_234), AT));
        sender.stop(new ShutdownEvent());
        CloudEvent event = event(receiver.posts().getFirst().body());
        assertThat(event.getType()).isEqualTo("io.surprisal.drift.v1");
        assertThat(data(event).path("kind").asText()).isEqualTo("more-suspicious");
        assertThat(data(event).path("images").asInt()).isEqualTo(1_234);
    }

    @Test
    void onlyTheShareThatIsAskedForIsSent() throws Exception {
        EventSender sender = sender(1, 0.25, 50, false);
        for (int number = 1; number <= 2_000; number++) {
            sender.add(decision(number, number % 2 == 0, 1), IMAGES, 0);
        }
        sender.stop(new ShutdownEvent());
        List<JsonNode> all = new ArrayList<>();
        for (Receiver.Post post : receiver.posts()) {
            assertThat(post.type()).startsWith("application/cloudevents-batch+json");
            JsonNode batch = new ObjectMapper().readTree(post.body());
            assertThat(batch.size()).isBetween(1, 50);
            for (JsonNode one : batch) {
                all.add(data(event(one.toString().getBytes(StandardCharsets.UTF_8))));
            }
        }
        long flagged =
                all.stream().filter(data -> data.path("flagged").asBoolean()).count();
        assertThat(flagged).as("all of them").isEqualTo(1_000);
        // 250 are expected; 6 standard deviations of the binomial distribution are 82.
        assertThat(all.size() - flagged).isBetween(168L, 332L);
        assertThat(sent()).isEqualTo(all.size());
        assertThat(lost()).isZero();
    }

    @Test
    void whatTheReceiverMayTakeLaterIsSentAgainAndWhatItRefusesIsNot() throws Exception {
        EventSender sender = sender(1, 1, 1, false);
        receiver.answer(503, 429, 202, 400, 202);
        for (int number = 1; number <= 3; number++) {
            sender.add(decision(number, true, 1), IMAGES, 0);
        }
        awaitDone(3);
        sender.stop(new ShutdownEvent());
        List<Long> numbers = new ArrayList<>();
        for (Receiver.Post post : receiver.posts()) {
            numbers.add(data(event(post.body())).path("number").asLong());
        }
        assertThat(numbers).containsExactly(1L, 1L, 1L, 2L, 3L);
        assertThat(event(receiver.posts().get(0).body()).getId())
                .as("the same event")
                .isEqualTo(event(receiver.posts().get(2).body()).getId());
        assertThat(sent()).isEqualTo(2);
        assertThat(lost()).isEqualTo(1);
    }

    @Test
    void aReceiverThatIsGoneIsCountedAndHoldsNobodyUp() throws Exception {
        EventSender sender = sender(1, 1, 1, false);
        receiver.close();
        long begun = System.nanoTime();
        for (int number = 1; number <= 10_000; number++) {
            sender.add(decision(number, true, 1), IMAGES, 0);
        }
        Duration adding = Duration.ofNanos(System.nanoTime() - begun);
        sender.stop(new ShutdownEvent());
        assertThat(sent()).isZero();
        assertThat(lost()).isBetween(9_999.0, 10_000.0); // the one it is at may be sent yet
        assertThat(adding).as("far less than one attempt may take").isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void withoutASinkNothingIsWanted() {
        assertThat(new EventSender(
                                new Settings(Optional.empty(), URI.create("/"), 1, 0, 1, false, Duration.ofSeconds(5)),
                                vertx,
                                registry)
                        .enabled())
                .isFalse();
    }

    @Test
    void settingsThatAreNoneAreSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sender(URI.create("ftp://somewhere"), 1, 1, 1, false))
                .withMessageContaining("surprisal.events.sink");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sender(1, 1.5, 1, false))
                .withMessageContaining("surprisal.events.accepted");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sender(1, 1, 0, false))
                .withMessageContaining("surprisal.events.batch");
    }

    private EventSender sender(double flagged, double accepted, int batch, boolean images) {
        return sender(receiver.address(), flagged, accepted, batch, images);
    }

    private EventSender sender(URI sink, double flagged, double accepted, int batch, boolean images) {
        Settings settings = new Settings(
                Optional.of(sink), URI.create("/gates/7"), flagged, accepted, batch, images, Duration.ofSeconds(5));
        return new EventSender(settings, vertx, registry);
    }

    /** The rest of it waits for nothing but the last words of two seconds. */
    private void awaitDone(int events) {
        Patience.until("what becomes of all of them", () -> sent() + lost() >= events);
    }

    private double sent() {
        return registry.counter("surprisal.events.sent").count();
    }

    private double lost() {
        return registry.counter("surprisal.events.lost").count();
    }

    private static CloudEvent event(byte[] json) {
        return Objects.requireNonNull(EventFormatProvider.getInstance().resolveFormat(JsonFormat.CONTENT_TYPE))
                .deserialize(json);
    }

    private static JsonNode data(CloudEvent event) throws IOException {
        return new ObjectMapper()
                .readTree(Objects.requireNonNull(event.getData()).toBytes());
    }

    private static RecentDecision decision(long number, boolean flagged, double bits) {
        return new RecentDecision(
                "start-" + number,
                number,
                AT,
                "tiny",
                "1",
                flagged,
                "typicality",
                0.001,
                0.01,
                bits,
                null,
                "less typical than most");
    }
}
