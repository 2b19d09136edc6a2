package io.surprisal.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.calibration.ReferenceScores;
import io.surprisal.detector.json.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What can go wrong: a rank that is more extreme than it should be, or an error that grows with the parts and is not told. */
class TailSketchTest {

    /** Distributions with a heavy tail, with ties, with a mass at its end, and of both signs. */
    private enum Scores {
        HEAVY_TAIL,
        FEW_VALUES,
        HALF_AT_THE_TOP,
        NORMAL;

        DoubleSupplier from(Random random) {
            return switch (this) {
                case HEAVY_TAIL -> () -> Math.pow(1 - random.nextDouble(), -2);
                case FEW_VALUES -> () -> Math.floor(40 * Math.pow(random.nextDouble(), 3));
                case HALF_AT_THE_TOP -> () -> Math.min(0.5, random.nextDouble());
                case NORMAL -> random::nextGaussian;
            };
        }
    }

    @Property(tries = 60)
    void whateverThePartsAndTheirOrderRanksAreNeverTooExtremeAndNotMuchTooLarge(
            @ForAll Scores kind,
            @ForAll @IntRange(min = 1, max = 300_000) int n,
            @ForAll @IntRange(min = 1, max = 40) int parts,
            @ForAll @IntRange(min = 1, max = 4) int atOnce,
            @ForAll @LongRange(min = 0, max = 1 << 30) long seed) {
        Random random = new Random(seed);
        double[] scores = DoubleStream.generate(kind.from(random))
                .limit(n)
                .map(x -> (float) x)
                .toArray();
        List<WeightedSample> samples = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            samples.add(sketch(scores, bound(n, part, parts), bound(n, part + 1, parts))
                    .sample(0));
        }
        Collections.shuffle(samples, random);
        while (samples.size() > 1) { // of some a new part, as if several machines passed theirs on
            TailSketch sketch = new TailSketch();
            int together = Math.min(samples.size(), 1 + atOnce);
            for (int i = 0; i < together; i++) {
                sketch.merge(samples.removeFirst());
            }
            samples.add(sketch.sample(0));
        }

        WeightedSample all = samples.getFirst();

        double[] ascending = scores.clone();
        Arrays.sort(ascending);
        ReferenceScores exact = ReferenceScores.of(ascending);
        ReferenceScores sketched = all.references(0);
        assertThat(sketched.size()).isEqualTo(n);
        for (int place = n - 1; place >= 0; place -= Math.max(1, (n - place) / 50)) {
            double score = ascending[place];
            int truth = exact.pValue(score).atLeastAsExtreme();
            int found = sketched.pValue(score).atLeastAsExtreme();
            assertThat(found).isBetween(truth, (int) Math.floor(truth * (1 + all.excess()) + 1e-6));
        }
        // And so no threshold flags more of these images than one of all their scores.
        for (double rate : new double[] {0.001, 0.01, 0.05}) {
            if (n >= 1 / rate) {
                assertThat(sketched.threshold(rate)).isGreaterThanOrEqualTo(exact.threshold(rate));
            }
        }
    }

    @Test
    void fewScoresAreKeptAsTheyAreAndTheLargestAlways() {
        double[] scores = new Random(3)
                .doubles()
                .map(x -> (float) x)
                .distinct()
                .limit(60_000)
                .toArray();
        assertThat(sketch(scores, 0, 30_000).sample(30_000).references(0).toArray())
                .containsExactly(Arrays.stream(scores, 0, 30_000).sorted().toArray());
        ReferenceScores shortened = sketch(scores, 0, 60_000).sample(0).references(0);
        double[] largest = Arrays.stream(scores).sorted().skip(60_000 - 1024).toArray();
        assertThat(Arrays.copyOfRange(
                        shortened.toArray(), shortened.toArray().length - 1024, shortened.toArray().length))
                .containsExactly(largest);
    }

    @Test
    void fewScoresInManyPartsAreKeptAsTheyAreToo() {
        double[] scores = new Random(9).doubles(32_000).map(x -> (float) x).toArray();
        TailSketch merged = new TailSketch();
        for (int part = 0; part < 320; part++) {
            merged.merge(sketch(scores, 100 * part, 100 * (part + 1)).sample(TailSketch.FEW));
        }
        WeightedSample all = merged.sample(TailSketch.FEW);
        assertThat(all.excess()).isZero();
        assertThat(all.references(0).toArray())
                .containsExactly(Arrays.stream(scores).sorted().toArray());
    }

    @Test
    void freshImagesAreFlaggedNoMoreOftenThanTheRateSaysAndHardlyLess() {
        // Uniform scores: the true rate of a threshold t is 1 − t. 300 calibrations of 20,000 scores in 5 parts, each
        // part shortened.
        Random random = new Random(4);
        for (double rate : new double[] {0.001, 0.01, 0.05, 0.3}) {
            double sum = 0;
            double allowed = 0;
            for (int calibration = 0; calibration < 300; calibration++) {
                double[] scores = random.doubles(20_000).toArray();
                TailSketch merged = new TailSketch();
                for (int part = 0; part < 5; part++) {
                    merged.merge(sketch(scores, 4000 * part, 4000 * (part + 1)).sample(0));
                }
                WeightedSample sample = merged.sample(0);
                sum += 1 - sample.references(0).threshold(rate);
                allowed = sample.excess();
            }
            double standardError = Math.sqrt(rate * (1 - rate) / 20_000 / 300);
            assertThat(sum / 300)
                    .isBetween(rate / (1 + allowed) - 1 / 20_000.0 - 4 * standardError, rate + 4 * standardError);
        }
    }

    @Test
    void aMillionScoresAreAFewThousandItemsAndPartsMergeInMilliseconds() {
        // 100,000 in each of 64 parts is what a task may see; the figures are printed for the documents.
        for (int n : new int[] {100_000, 1_000_000, 6_400_000}) {
            int parts = 64;
            Random random = new Random(5);
            double[] scores = DoubleStream.generate(() -> Math.exp(3 * random.nextGaussian()))
                    .limit(n)
                    .toArray();
            long begun = System.nanoTime();
            List<WeightedSample> samples = IntStream.range(0, parts)
                    .mapToObj(part -> sketch(scores, bound(n, part, parts), bound(n, part + 1, parts))
                            .sample(0))
                    .toList();
            long sketched = System.nanoTime();
            TailSketch merged = new TailSketch();
            samples.forEach(merged::merge);
            WeightedSample all = merged.sample(TailSketch.FEW);
            long joined = System.nanoTime();
            ReferenceScores exact = ReferenceScores.of(scores);
            ReferenceScores references = all.references(0);
            double worst = 0;
            for (double rate : new double[] {0.0001, 0.001, 0.01, 0.05, 0.3}) {
                double threshold = exact.threshold(rate);
                worst = Math.max(
                        worst,
                        references.pValue(threshold).value()
                                        / exact.pValue(threshold).value()
                                - 1);
            }
            int characters = Fields.packedNumbers(references.toArray()).length()
                    + Fields.packedIntegers(references.weights()).length();
            System.out.printf(
                    Locale.ROOT,
                    "%,d scores in %d parts: %,d items, %,d kB in calibration.json, p-values too large by %.2f %% (stated: at most"
                            + " %.2f %%); %.0f ns a score, merged in %.1f ms%n",
                    n,
                    parts,
                    all.size(),
                    characters / 1000,
                    100 * worst,
                    100 * all.excess(),
                    (sketched - begun) / (double) n,
                    (joined - sketched) * 1e-6);
            assertThat(all.weight()).isEqualTo(n);
            assertThat(all.size()).isLessThan(12_000);
            assertThat(worst).isBetween(0.0, all.excess());
            assertThat(all.excess()).isLessThan(0.005);
        }
    }

    @Property(tries = 500)
    void aScoreIsNeverRoundedDown(@ForAll double score) {
        if (WeightedSample.holds(score)) {
            double kept = new WeightedSample(new long[] {WeightedSample.item(score)}, 0)
                    .references(0)
                    .toArray()[0];
            assertThat(kept).isGreaterThanOrEqualTo(score);
            assertThat(kept).isCloseTo(score, within((double) Math.ulp((float) score)));
        }
    }

    @Test
    void itemsSortAsTheirScoresDo() {
        double[] scores = {-1e30, -3, -1e-40, 0, 1e-40, 2, 1e30};
        assertThat(Arrays.stream(scores).mapToLong(WeightedSample::item).toArray())
                .isSorted();
        assertThat(WeightedSample.item(-0.0)).isEqualTo(WeightedSample.item(0.0));
    }

    @Test
    void whatIsNoNumberCountsAsMoreExtremeThanEveryScore() {
        SketchedScores scores = new SketchedScores(2);
        scores.add(new double[] {1, 1});
        scores.add(new double[] {Double.NaN, 2});
        scores.add(new double[] {Double.POSITIVE_INFINITY, 3});
        scores.add(new double[] {-1e300, 4});
        List<ReferenceScores> references = scores.references();
        assertThat(references.getFirst().above()).isEqualTo(3);
        assertThat(references.getFirst().pValue(5).value()).isEqualTo(4 / 5.0);
        assertThat(references.getLast().above()).isZero();
        assertThat(references.getLast().pValue(5).value()).isEqualTo(1 / 5.0);
    }

    @Test
    void theFingerprintIsThatOfTheImagesInWhateverPartsTheyCome() {
        SketchedScores whole = new SketchedScores(1);
        SketchedScores one = new SketchedScores(1);
        SketchedScores other = new SketchedScores(1);
        new Random(8).doubles(1000).forEach(score -> {
            double[] image = {score};
            whole.add(image);
            (score < 0.3 ? one : other).add(image);
        });
        SketchedScores merged = new SketchedScores(1);
        merged.merge(other.toBytes(0));
        merged.merge(one.toBytes(0));
        assertThat(merged.images()).isEqualTo(1000);
        assertThat(merged.fingerprint()).isEqualTo(whole.fingerprint()).matches("[0-9a-f]{64}");
        whole.add(new double[] {0.5});
        assertThat(merged.fingerprint()).isNotEqualTo(whole.fingerprint());
        assertThat(new SketchedScores(1).fingerprint()).isEqualTo("0".repeat(64));
    }

    private static int bound(int n, int part, int parts) {
        return (int) ((long) n * part / parts);
    }

    private static TailSketch sketch(double[] scores, int from, int to) {
        TailSketch sketch = new TailSketch();
        Arrays.stream(scores, from, to).forEach(sketch::add);
        return sketch;
    }
}
