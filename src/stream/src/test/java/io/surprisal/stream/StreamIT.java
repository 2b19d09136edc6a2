package io.surprisal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.surprisal.detector.Detector;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Verdict;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program between two topics of a broker that is Apache Kafka itself. What can go wrong: an image has no event, an event is not
 * what others call a CloudEvent, two have the same image under different ids, one bad image stops all that come after it.
 */
@Timeout(180)
class StreamIT {
    private static final TinyBundle TINY = TinyBundle.grey();
    private static final ObjectMapper JSON = new ObjectMapper();
    /** So many that a program in {@link #smallSteps} is seen in the middle of them. */
    private static final int MANY = 1_200;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static Topics topics;
    private static Path bundle;

    /** Each test has topics and a group of its own. */
    private final int number = NUMBERS.incrementAndGet();

    private final String images = "images-" + number;
    private final String verdicts = "verdicts-" + number;
    private final String group = "group-" + number;
    private final List<StreamProcess> started = new ArrayList<>();

    @BeforeAll
    static void startBroker() throws Exception {
        bundle = TINY.write(Files.createDirectories(folder.resolve("tiny-grey").resolve("1")));
        broker = KafkaBroker.start(Files.createDirectories(folder.resolve("kafka")));
        topics = new Topics(broker);
    }

    @AfterAll
    static void stopBroker() throws InterruptedException {
        topics.close();
        broker.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        topics.create(images, 4);
        topics.create(verdicts, 4);
    }

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        for (StreamProcess process : started) {
            process.close();
        }
    }

    @Test
    void eachImageHasTheVerdictOfTheDetectorInACloudEvent() throws Exception {
        Levels levels = Levels.concat(List.of(TINY.clean(40, 3), TINY.noise(10, 4)));
        List<byte[]> files = IntStream.range(0, levels.count())
                .mapToObj(image -> TinyBundle.png(levels, image))
                .toList();
        for (int i = 0; i < files.size(); i++) {
            topics.send(images, i % 4, key(i), files.get(i));
        }
        StreamProcess process = start(Map.of());
        awaitEventsOf(files.size());

        List<ConsumerRecord<byte[], CloudEvent>> events = topics.events(verdicts);
        assertThat(events).hasSize(files.size());
        List<Verdict> expected;
        try (Detector detector = Detector.load(bundle)) {
            expected = detector.examine(files);
        }
        for (int i = 0; i < files.size(); i++) {
            String id = "%s/%d/%d".formatted(images, i % 4, i / 4);
            ConsumerRecord<byte[], CloudEvent> read = of(id, events);
            CloudEvent event = read.value();
            assertThat(read.key()).isEqualTo(key(i));
            assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
            assertThat(event.getType()).isEqualTo("io.surprisal.verdict.v1");
            assertThat(event.getSource()).isEqualTo(URI.create("/surprisal/" + group));
            assertThat(event.getSubject()).isEqualTo(id);
            assertThat(event.getTime()).isNotNull();
            assertThat(event.getDataContentType()).isEqualTo("application/json");
            assertThat(event.getExtension("partitionkey")).isEqualTo("image-" + i);
            assertSame(data(event), expected.get(i));
        }
        assertThat(process.metrics())
                .contains(
                        "surprisal_verdicts_total{model=\"tiny-grey\",verdict=\"flagged\",version=\"1\"} "
                                + (double) expected.stream()
                                        .filter(Verdict::flagged)
                                        .count(),
                        "surprisal_verdicts_total{model=\"tiny-grey\",verdict=\"accepted\",version=\"1\"} "
                                + (double) expected.stream()
                                        .filter(verdict -> !verdict.flagged())
                                        .count(),
                        "surprisal_events_sent_total " + (double) files.size(),
                        "surprisal_inference_seconds_count",
                        "kafka_consumer_");
    }

    private static void assertSame(JsonNode data, Verdict verdict) {
        assertThat(data.path("model").asText()).isEqualTo("tiny-grey");
        assertThat(data.path("version").asText()).isEqualTo("1");
        assertThat(data.path("flagged").asBoolean()).isEqualTo(verdict.flagged());
        assertThat(data.path("statistic").asText())
                .isEqualTo(verdict.assessment().decisive().name());
        assertThat(data.path("pValue").asDouble())
                .isEqualTo(verdict.assessment().decisive().pValue().value());
        assertThat(data.path("falsePositiveRate").asDouble())
                .isEqualTo(verdict.assessment().falsePositiveRate());
        assertThat(data.path("bitsPerDimension").asDouble())
                .isCloseTo(verdict.assessment().logLikelihood().bitsPerDimension(), within(1e-9));
        assertThat(data.path("reason").asText()).isEqualTo(verdict.reason());
        assertThat(data.path("number").asLong()).isPositive();
        assertThat(data.has("image"))
                .as("images stay unless they are asked for")
                .isFalse();
    }

    @Test
    void whatIsNoImageHasAnEventOfItsOwnAndTheNextOneIsJudged() throws Exception {
        topics.send(images, 0, null, "this is no image".getBytes(StandardCharsets.UTF_8));
        topics.send(images, 0, null, null);
        topics.send(images, 0, null, TinyBundle.png(TinyBundle.rgb().clean(1, 1), 0));
        topics.send(images, 0, new byte[] {(byte) 0xFF}, clean());
        start(Map.of("surprisal.events.mode", "structured"));
        awaitEventsOf(4);

        List<ConsumerRecord<byte[], CloudEvent>> events = topics.events(verdicts);
        for (int offset = 0; offset < 3; offset++) {
            CloudEvent event = of(images + "/0/" + offset, events).value();
            assertThat(event.getType()).isEqualTo("io.surprisal.unjudged.v1");
            assertThat(data(event).path("cause").asText()).isEqualTo("unreadable");
            assertThat(data(event).path("reason").asText()).startsWith("expected ");
            assertThat(data(event).path("offset").asLong()).isEqualTo(offset);
            assertThat(data(event).has("flagged")).isFalse();
        }
        ConsumerRecord<byte[], CloudEvent> last = of(images + "/0/3", events);
        assertThat(last.value().getType()).isEqualTo("io.surprisal.verdict.v1");
        assertThat(last.key()).as("a key that is no text").isEqualTo(new byte[] {(byte) 0xFF});
        assertThat(last.value().getExtensionNames()).isEmpty();
    }

    @Test
    void structuredEventsCarryImagesAndOnlyAShareWhereThatIsAskedFor() throws Exception {
        topics.sendMany(images, 4, 400, clean());
        byte[] noise = noise();
        topics.send(images, 0, null, noise);
        StreamProcess process = start(Map.of(
                "surprisal.events.mode", "structured",
                "surprisal.events.source", "urn:gates:7",
                "surprisal.events.images", "true",
                "surprisal.events.accepted", "0.25"));
        Patience.until("everything is committed", () -> topics.committed(group) == 401);

        List<ConsumerRecord<byte[], CloudEvent>> events = topics.events(verdicts);
        // 400 draws at a quarter: outside of 60 to 140 with a probability below 1e-5.
        assertThat(events).hasSizeBetween(60, 140);
        assertThat(events).allSatisfy(event -> {
            assertThat(new String(header(event, "content-type"), StandardCharsets.UTF_8))
                    .startsWith("application/cloudevents+json");
            assertThat(event.value().getSource()).isEqualTo(URI.create("urn:gates:7"));
        });
        CloudEvent refused = of(images + "/0/100", events).value();
        assertThat(data(refused).path("flagged").asBoolean()).isTrue();
        assertThat(data(refused).path("image").binaryValue()).isEqualTo(noise);
        assertThat(process.stop()).isEqualTo(143);
    }

    @Test
    void anEventThatIsTooLargeWithItsImageGoesWithoutIt() throws Exception {
        topics.send(images, 0, null, withTrailingBytes(clean(), 10_000));
        StreamProcess process = start(
                Map.of("surprisal.events.images", "true", "mp.messaging.outgoing.verdicts.max.request.size", "5000"));
        awaitEventsOf(1);

        CloudEvent event = topics.events(verdicts).getFirst().value();
        assertThat(event.getType()).isEqualTo("io.surprisal.verdict.v1");
        assertThat(data(event).has("image")).isFalse();
        assertThat(process.metrics()).contains("surprisal_events_images_left_out_total 1.0");
    }

    @Test
    void anEventThatTheBrokerWillNeverTakeEndsTheProgramAndNothingIsCommitted() throws Exception {
        topics.send(images, 0, null, clean());
        StreamProcess process = launch(Map.of("mp.messaging.outgoing.verdicts.max.request.size", "100"));
        assertThat(process.awaitEnd()).isEqualTo(1);
        assertThat(process.log()).contains("the verdicts on what was read last cannot be written");
        assertThat(topics.committed(group)).isZero();

        start(Map.of());
        awaitEventsOf(1);
    }

    @Test
    void killedInTheMiddleAndStartedAgainEachImageHasAVerdictAndDoublesAreDoubles() throws Exception {
        topics.sendMany(images, 4, MANY, clean());
        StreamProcess killed = start(smallSteps());
        Patience.until("the first verdicts are there", () -> topics.size(verdicts) > 50);
        killed.kill();
        assertThat(topics.ids(verdicts).size()).as("in the middle").isLessThan(MANY);

        start(smallSteps());
        awaitEventsOf(MANY);
        assertThat(topics.ids(verdicts))
                .as("each image, whoever drops an id that is known")
                .isEqualTo(ids(MANY));
    }

    @Test
    void stoppedInTheMiddleAndStartedAgainNothingIsJudgedTwice() throws Exception {
        topics.sendMany(images, 4, MANY, clean());
        StreamProcess stopped = start(smallSteps());
        Patience.until("the first verdicts are there", () -> topics.size(verdicts) > 50);
        assertThat(stopped.stop()).isEqualTo(143); // SIGTERM
        int before = topics.events(verdicts).size();
        assertThat(before).as("in the middle").isLessThan(MANY);
        assertThat(topics.committed(group))
                .as("what has a verdict is committed")
                .isEqualTo(before);

        start(smallSteps());
        awaitEventsOf(MANY);
        List<ConsumerRecord<byte[], CloudEvent>> events = topics.events(verdicts);
        assertThat(events).hasSize(MANY);
        Map<String, List<Long>> offsets = events.stream()
                .collect(Collectors.groupingBy(
                        event -> event.partition() + " of "
                                + data(event.value()).path("partition").asInt(),
                        Collectors.mapping(
                                event -> data(event.value()).path("offset").asLong(), Collectors.toList())));
        assertThat(offsets.values())
                .as("in the order of the images")
                .allSatisfy(order -> assertThat(order).isSorted());
    }

    @Test
    void twoProcessesOfAGroupShareThePartitions() throws Exception {
        StreamProcess one = launch(Map.of("surprisal.events.source", "/one"));
        StreamProcess two = launch(Map.of("surprisal.events.source", "/two"));
        one.awaitReady();
        two.awaitReady();
        Patience.until("each has half", () -> topics.shares(group).equals(List.of(2, 2)));

        topics.sendMany(images, 4, 400, clean());
        awaitEventsOf(400);
        Map<String, Set<Integer>> partitions = topics.events(verdicts).stream()
                .map(ConsumerRecord::value)
                .collect(Collectors.groupingBy(
                        event -> event.getSource().toString(),
                        Collectors.mapping(
                                event -> data(event).path("partition").asInt(), Collectors.toSet())));
        assertThat(partitions).containsOnlyKeys("/one", "/two");
        assertThat(partitions.values()).allSatisfy(own -> assertThat(own).hasSize(2));
        assertThat(topics.events(verdicts)).hasSize(400);

        assertThat(one.stop()).isEqualTo(143);
        Patience.until("who is left has all", () -> topics.shares(group).equals(List.of(4)));
        topics.sendMany(images, 4, 400, clean());
        awaitEventsOf(800);
        assertThat(two.status("/q/health/live")).isEqualTo(200);
    }

    @Test
    void theBrokerMayGoAwayAndComeBack() throws Exception {
        topics.sendMany(images, 4, MANY, clean());
        StreamProcess process = start(smallSteps());
        Patience.until("the first verdicts are there", () -> topics.size(verdicts) > 50);
        broker.kill();
        Patience.until("it is not ready", () -> process.status("/q/health/ready") == 503);
        assertThat(process.status("/q/health/live")).isEqualTo(200);
        broker.startAgain();

        awaitEventsOf(MANY);
        topics.sendMany(images, 4, 4, clean());
        awaitEventsOf(MANY + 4);
        Patience.until("it is ready again", () -> process.status("/q/health/ready") == 200);
        assertThat(process.status("/q/health/live")).isEqualTo(200);
    }

    @Test
    void whatCannotBeDoneIsSaidAtTheStart() throws Exception {
        assertThat(refused(Map.of("surprisal.decision.statistic", "magic"))).contains("magic");
        assertThat(refused(Map.of("surprisal.model", folder.resolve("none").toString())))
                .contains("folder of the model");
        assertThat(refused(Map.of("surprisal.events.accepted", "1.5"))).contains("expected surprisal.events.accepted");
    }

    private String refused(Map<String, String> settings) throws Exception {
        StreamProcess process = launch(settings);
        assertThat(process.awaitEnd()).isEqualTo(1);
        assertThat(topics.events(verdicts)).isEmpty();
        return process.log();
    }

    /** With a tiny model all would be done at once else; and a killed member is soon missed. */
    private static Map<String, String> smallSteps() {
        return Map.of(
                "surprisal.batch.poll-images", "2",
                "surprisal.batch.max-images", "1",
                "mp.messaging.incoming.images.session.timeout.ms", "6000",
                "mp.messaging.incoming.images.heartbeat.interval.ms", "1000");
    }

    private StreamProcess start(Map<String, String> settings) throws Exception {
        return launch(settings).awaitReady();
    }

    private StreamProcess launch(Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of(
                "kafka.bootstrap.servers",
                broker.address(),
                "surprisal.model",
                bundle.toString(),
                "surprisal.topics.images",
                images,
                "surprisal.topics.verdicts",
                verdicts,
                "surprisal.topics.group",
                group,
                "surprisal.batch.workers",
                "2"));
        all.putAll(settings);
        StreamProcess process = new StreamProcess(folder, all);
        started.add(process);
        return process;
    }

    private void awaitEventsOf(int count) throws Exception {
        Patience.until(
                "events of " + count + " images",
                () -> topics.size(verdicts) >= count && topics.ids(verdicts).size() >= count);
    }

    private static ConsumerRecord<byte[], CloudEvent> of(String id, List<ConsumerRecord<byte[], CloudEvent>> events) {
        List<ConsumerRecord<byte[], CloudEvent>> found = events.stream()
                .filter(event -> event.value().getId().equals(id))
                .toList();
        assertThat(found).as(id).hasSize(1);
        return found.getFirst();
    }

    /** Of the first images that are sent by {@link Topics#sendMany}. */
    private Set<String> ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> images + "/" + i % 4 + "/" + i / 4)
                .collect(Collectors.toSet());
    }

    /** What an event says of its image, but for when and by which process. */
    private static String verdictOf(CloudEvent event) {
        JsonNode data = data(event);
        return data.path("flagged") + " " + data.path("pValue") + " " + data.path("bitsPerDimension");
    }

    private static JsonNode data(CloudEvent event) {
        try {
            return JSON.readTree(Objects.requireNonNull(event.getData()).toBytes());
        } catch (IOException e) {
            throw new AssertionError("expected JSON", e);
        }
    }

    private static byte[] header(ConsumerRecord<byte[], CloudEvent> event, String name) {
        return event.headers().lastHeader(name).value();
    }

    private static byte[] key(int image) {
        return ("image-" + image).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] clean() {
        return TinyBundle.png(TINY.clean(1, 3), 0);
    }

    private static byte[] noise() {
        return TinyBundle.png(TINY.noise(1, 4), 0);
    }

    /** Bytes after its end chunk are no part of a PNG image. */
    private static byte[] withTrailingBytes(byte[] png, int bytes) {
        return Arrays.copyOf(png, png.length + bytes);
    }
}
