package io.surprisal.detector.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can go wrong: two numbers that are each ordinary and impossible together; a component that collapses; an infinity minus another. */
class CombinedTest {

    private static final List<Measured> TWO = List.of(new StandardisedSurprisal(), new WeightedSurprisal());

    /** Two kinds of clean image: around (0, 0) and around (10, 10), in each of which the numbers rise together. */
    private static List<double[]> clean(int count, long seed) {
        Random random = new Random(seed);
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double centre = i % 2 * 10;
            double shared = random.nextGaussian();
            rows.add(new double[] {
                centre + shared + 0.2 * random.nextGaussian(), centre + shared + 0.2 * random.nextGaussian()
            });
        }
        return rows;
    }

    @Test
    void whatIsOrdinaryApartAndUnheardOfTogetherIsSuspicious() {
        Combined combined = Combined.fit(TWO, clean(2000, 1));
        assertThat(combined.of(new double[] {10.3, 10.3})).isLessThan(2);
        assertThat(combined.of(new double[] {0.5, 0.5})).isLessThan(2);
        assertThat(combined.of(new double[] {1, -1})).isGreaterThan(3);
        assertThat(combined.of(new double[] {0, 10})).isGreaterThan(3);
        assertThat(combined.of(new double[] {-40, -40})).isGreaterThan(3);
    }

    @Test
    void newCleanImagesScoreAboutLikeAStandardNormal() {
        Combined combined = Combined.fit(TWO, clean(4000, 2));
        double[] scores = clean(4000, 3).stream().mapToDouble(combined::of).toArray();
        long beyond = Arrays.stream(scores).filter(score -> score > 1.645).count();
        assertThat(beyond / 4000.0).isCloseTo(0.05, within(0.015));
    }

    @Test
    void theDriversAreWhatTheOthersDoNotLetExpect() {
        Combined combined = Combined.fit(TWO, clean(2000, 4));
        assertThat(combined.drivers(new double[] {10, 8}))
                .extracting(Combined.Driver::high)
                .containsExactlyInAnyOrder(true, false);
    }

    @Test
    void aTailThatAnOrdinaryCompanyWouldHideSpeaksAlone() {
        List<Measured> inputs = Measured.all().stream()
                .filter(statistic ->
                        !(statistic instanceof LikelihoodRatio || statistic instanceof LocalLikelihoodRatio))
                .toList();
        assertSpeaksAlone(new TailMass(), inputs);
        assertSpeaksAlone(new Uniformity(), inputs);
    }

    /** They say what a tail is of, and a tail is heard with the others. */
    @Test
    void besideABackgroundItsRatiosSpeakAlone() {
        assertSpeaksAlone(new LikelihoodRatio(), Measured.all());
        assertSpeaksAlone(new LocalLikelihoodRatio(), Measured.all());
        assertThat(independent(Measured.all()).of(ordinaryBut(new TailMass(), Measured.all())))
                .isBetween(1.0, 3.0);
    }

    private static void assertSpeaksAlone(Measured outstanding, List<Measured> inputs) {
        Combined combined = independent(inputs);
        double[] image = ordinaryBut(outstanding, inputs);
        assertThat(combined.of(image)).isGreaterThan(3);
        assertThat(combined.drivers(image)).containsExactly(new Combined.Driver(outstanding, true));
    }

    private static Combined independent(List<Measured> inputs) {
        Random random = new Random(5);
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            rows.add(random.doubles(inputs.size())
                    .map(u -> u + random.nextGaussian())
                    .toArray());
        }
        return Combined.fit(inputs, rows);
    }

    private static double[] ordinaryBut(Measured outstanding, List<Measured> inputs) {
        double[] image = new double[inputs.size()];
        Arrays.fill(image, 0.5);
        image[inputs.indexOf(outstanding)] = 6;
        return image;
    }

    @Test
    void infinitiesAreExtremeAndNaNIsNaN() {
        Combined combined = Combined.fit(TWO, clean(1000, 6));
        double infinity = Double.POSITIVE_INFINITY;
        assertThat(combined.of(new double[] {infinity, 0})).isGreaterThan(100).isFinite();
        assertThat(combined.of(new double[] {infinity, infinity})).isGreaterThan(100);
        assertThat(combined.of(new double[] {Double.NaN, 0})).isNaN();
        assertThat(combined.drivers(new double[] {Double.NaN, 0})).isEmpty();
    }

    @Test
    void aStatisticThatIsTheSameForAllCleanImagesDoesNoHarm() {
        List<double[]> rows = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            rows.add(new double[] {random.nextGaussian(), 3});
        }
        Combined combined = Combined.fit(TWO, rows);
        assertThat(combined.of(new double[] {0, 3})).isLessThan(1);
        assertThat(combined.of(new double[] {0, 4})).isGreaterThan(10);
    }

    @Test
    void theSameImagesGiveTheSameFit() {
        assertThat(Combined.fit(TWO, clean(1500, 8))).isEqualTo(Combined.fit(TWO, clean(1500, 8)));
    }

    @Test
    void brokenParametersAreRefused() {
        Map<String, List<Double>> good = Combined.fit(TWO, clean(100, 9)).parameters();
        assertThat(Combined.of(good).parameters()).isEqualTo(good);
        for (String name : good.keySet()) {
            Map<String, List<Double>> without = new LinkedHashMap<>(good);
            without.remove(name);
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> Combined.of(without));
        }
        Map<String, List<Double>> indefinite = new LinkedHashMap<>(good);
        indefinite.put("covariance.0", List.of(1.0, 2.0, 2.0, 1.0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Combined.of(indefinite))
                .withMessageStartingWith("expected a positive definite covariance");
    }
}
