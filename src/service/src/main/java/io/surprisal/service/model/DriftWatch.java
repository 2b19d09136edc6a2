package io.surprisal.service.model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.drift.DriftAlarm;
import io.surprisal.detector.drift.DriftDetector;
import io.surprisal.detector.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches what one model says of the images that come, for the day when they are no longer those of its calibration: the stream of the
 * p-values of one statistic, by the test of {@link DriftDetector}. An alarm is a counter, a detail of the service's health, and, once a
 * minute at most, an event; verdicts do not change. Thread-safe.
 */
public final class DriftWatch {
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final String LEVEL = "surprisal.drift.level";

    private final String model;
    private final String version;
    private final String statistic;
    private final DriftDetector detector;
    private final MeterRegistry registry;
    private final List<Counter> alarms;
    private final Gauge level;
    private final Consumer<DriftNoticed> listener;
    private final AtomicReference<@Nullable DriftNoticed> last = new AtomicReference<>();

    /**
     * Starts to watch.
     *
     * @param statistic whose p-values; calibrated, on at least 100 images
     * @param imagesPerFalseAlarm one false alarm in so many images at most, on average
     */
    DriftWatch(
            BundleManifest manifest,
            Calibration calibration,
            String statistic,
            double imagesPerFalseAlarm,
            MeterRegistry registry,
            Consumer<DriftNoticed> listener) {
        this.model = manifest.name();
        this.version = manifest.version();
        this.statistic = statistic;
        this.detector = DriftDetector.of(calibration.of(statistic), imagesPerFalseAlarm);
        this.registry = registry;
        this.listener = listener;
        Tags tags = Tags.of("model", model, "version", version);
        this.alarms = Arrays.stream(DriftAlarm.Kind.values())
                .map(kind -> Counter.builder("surprisal.drift.alarms")
                        .description("Times that images were found to be no longer those of the calibration")
                        .tags(tags.and("kind", word(kind)))
                        .register(registry))
                .toList();
        // The watch of a model that is loaded again begins before that of the old one ends.
        registry.find(LEVEL).tags(tags).meters().forEach(registry::remove);
        this.level = Gauge.builder(LEVEL, detector, DriftDetector::level)
                .description(
                        "Evidence that images are no longer those of the calibration: 0 none, 1 an alarm; logarithmic")
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** Takes the verdicts on the next images. */
    void judged(List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            verdict.assessment().statistics().stream()
                    .filter(result -> result.name().equals(statistic))
                    .findFirst()
                    .flatMap(result -> detector.observe(result.pValue()))
                    .ifPresent(this::raise);
        }
    }

    /** Drift that lasts is found again every few images: each alarm counts, but one a minute is news. */
    private void raise(DriftAlarm alarm) {
        alarms.get(alarm.kind().ordinal()).increment();
        DriftNoticed noticed = new DriftNoticed(model, version, statistic, alarm, Instant.now());
        DriftNoticed before = last.get();
        boolean news = before == null || before.at().plus(QUIET).isBefore(noticed.at());
        if (news && last.compareAndSet(before, noticed)) {
            listener.accept(noticed);
        }
    }

    /** How things stand, for people. */
    public String describe() {
        DriftNoticed noticed = last.get();
        String now = "level %.2f after %,d images".formatted(detector.level(), detector.images());
        return noticed == null ? now : now + "; last alarm: " + noticed.describe();
    }

    /** Takes its gauge away, unless it is another's by now. */
    void close() {
        registry.find(LEVEL).gauges().stream().filter(gauge -> gauge == level).forEach(registry::remove);
    }

    static String word(DriftAlarm.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
