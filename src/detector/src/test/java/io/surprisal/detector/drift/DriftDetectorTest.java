package io.surprisal.detector.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.surprisal.detector.calibration.PValue;
import io.surprisal.detector.calibration.ReferenceScores;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What can go wrong: an alarm about the accidents of the calibration itself; one that never comes; a race that loses evidence. */
class DriftDetectorTest {

    private static final int REFERENCES = 1000;
    private static final int IMAGES_PER_FALSE_ALARM = 20_000;

    /** p-values of standard normal scores that go through a change, ranked among clean ones of their own. */
    private static Optional<DriftAlarm> firstAlarm(long seed, int images, DoubleUnaryOperator change) {
        Random random = new Random(seed);
        ReferenceScores clean = ReferenceScores.of(
                random.doubles(REFERENCES).map(u -> random.nextGaussian()).toArray());
        DriftDetector detector = new DriftDetector(REFERENCES, IMAGES_PER_FALSE_ALARM);
        for (int i = 0; i < images; i++) {
            Optional<DriftAlarm> alarm = detector.observe(clean.pValue(change.applyAsDouble(random.nextGaussian())));
            if (alarm.isPresent()) {
                return alarm;
            }
        }
        return Optional.empty();
    }

    @Test
    void falseAlarmsAreNoMoreFrequentThanStated() {
        // 1,000 calibrations with 2,000 clean images each: an alarm in at most 2,000/20,000 = 10 % of the streams. Five
        // standard errors are 4.7 %.
        long alarms = IntStream.range(0, 1000)
                .filter(seed -> firstAlarm(seed, 2000, score -> score).isPresent())
                .count();
        assertThat(alarms).isLessThanOrEqualTo(147);
    }

    @Test
    void aCalibrationsOwnAccidentsAreNotDrift() {
        // Ten times as many images as an alarm may take on average: without the allowance for the calibration nearly
        // every stream ends in one.
        long alarms = IntStream.range(0, 40)
                .filter(seed -> firstAlarm(seed, 20_000, score -> score).isPresent())
                .count();
        assertThat(alarms).isLessThanOrEqualTo(20);
    }

    @Test
    void aShiftOfHalfAStandardDeviationIsFoundWithinTwoThousandImages() {
        for (int seed = 0; seed < 50; seed++) {
            assertThat(firstAlarm(seed, 2000, score -> score + 0.5))
                    .hasValueSatisfying(alarm -> assertThat(alarm.kind())
                            .isIn(DriftAlarm.Kind.MORE_SUSPICIOUS, DriftAlarm.Kind.MORE_EXTREMES));
            assertThat(firstAlarm(seed, 2000, score -> score - 0.5))
                    .hasValueSatisfying(alarm -> assertThat(alarm.kind()).isEqualTo(DriftAlarm.Kind.LESS_SUSPICIOUS));
        }
    }

    @Test
    void aFewImagesOfAnotherKindAreFoundAmongManyCleanOnes() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            assertThat(firstAlarm(seed, 1000, score -> random.nextInt(12) == 0 ? 50 : score))
                    .hasValueSatisfying(alarm -> assertThat(alarm.kind()).isEqualTo(DriftAlarm.Kind.MORE_EXTREMES));
        }
    }

    @Test
    void whatACalibrationIsKnownToAddToPValuesIsNotDrift() {
        // A tenth of the images behind the ranks were attacks, which count as above all scores: p-values of clean
        // images are 0.05 larger on average.
        long alarms = 0;
        long unawares = 0;
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int[] ones = new int[9 * REFERENCES];
            Arrays.fill(ones, 1);
            ReferenceScores clean = ReferenceScores.weighted(
                    random.doubles(ones.length).sorted().toArray(), ones, REFERENCES, 0);
            DriftDetector detector = DriftDetector.of(clean, IMAGES_PER_FALSE_ALARM);
            DriftDetector unaware = new DriftDetector(clean.size(), IMAGES_PER_FALSE_ALARM);
            boolean alarm = false;
            boolean unawareAlarm = false;
            for (int i = 0; i < 5000; i++) {
                PValue p = clean.pValue(random.nextDouble());
                alarm |= detector.observe(p).isPresent();
                unawareAlarm |= unaware.observe(p).isPresent();
            }
            alarms += alarm ? 1 : 0;
            unawares += unawareAlarm ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(20); // 5,000/20,000 of 40, and five standard errors
        assertThat(unawares).isEqualTo(40);
    }

    @Test
    void afterAnAlarmItStartsAgain() {
        DriftDetector detector = new DriftDetector(REFERENCES, 100);
        int seen = 0;
        Optional<DriftAlarm> alarm = Optional.empty();
        while (alarm.isEmpty()) {
            alarm = detector.observe(0.001);
            seen++;
        }
        assertThat(alarm.get().images()).isEqualTo(seen);
        assertThat(detector.images()).isZero();
        assertThat(detector.level()).isZero();
        detector.observe(0.5);
        assertThat(detector.level()).isBetween(0.0, 0.3);
    }

    @Test
    void everyObservationOfEveryThreadCounts() throws InterruptedException {
        DriftDetector detector = new DriftDetector(REFERENCES, 1e12);
        AtomicInteger failures = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    failures.addAndGet(detector.observe(0.5).isPresent() ? 1 : 0);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).hasValue(0);
        assertThat(detector.images()).isEqualTo(4000);
    }

    @Test
    void whatIsNoPValueIsRefused() {
        DriftDetector detector = new DriftDetector(REFERENCES, 100);
        for (double p : new double[] {0, -1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> detector.observe(p));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new DriftDetector(99, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> new DriftDetector(100, Double.NaN));
    }
}
