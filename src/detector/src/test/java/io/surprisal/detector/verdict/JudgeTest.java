package io.surprisal.detector.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.Blank;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.UnknownStatisticException;
import io.surprisal.detector.density.Conditionals;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can go wrong: a verdict that its own p-value contradicts, or a reason nobody understands. */
class JudgeTest {

    /** 1,000 one-dimensional clean images of 0.01, 0.02, … 10 bits. */
    private static final Judge JUDGE = new Judge(Calibration.fit(List.of(bits(1000)), source(1000)));

    private static final Decision AT_ONE_PERCENT = new Decision("bits-per-dimension", 0.01);

    @Test
    void anImageIsFlaggedWhenItsPValueIsAtMostTheRate() {
        // 1 % of 1,001 is 10.01: with 9 clean images at least as extreme p is 10/1001, with 10 it is 11/1001.
        assertThat(judge(9.913).flagged()).isTrue();
        assertThat(judge(9.903).flagged()).isFalse();
    }

    @Test
    void theReasonSaysWhatWasComparedWithWhat() {
        assertThat(judge(9.953).reason())
                .isEqualTo("more surprising than 99.5 % of clean images (bits per dimension 9.95, threshold 9.91)");
        assertThat(judge(42).reason())
                .isEqualTo("more surprising than all 1,000 clean images of the calibration "
                        + "(bits per dimension 42.00, threshold 9.91)");
        assertThat(judge(5.003).reason())
                .isEqualTo("50.0 % of clean images are at least as surprising "
                        + "(bits per dimension 5.00, threshold 9.91)");
        // The even images (0.01, 0.03, …) have mean 5, the most distant of the odd ones lies 5 away.
        assertThat(JUDGE.judge(one(0.001), new Decision("typicality", 0.05))
                        .getFirst()
                        .reason())
                .startsWith("less typical than 9")
                .contains("(distance from the mean bits per dimension of clean images 5.00, threshold ");
    }

    @Test
    void theReasonOfTheCombinedStatisticNamesWhatDroveIt() {
        Verdict verdict = JUDGE.judge(one(42), new Decision("combined", 0.01)).getFirst();
        assertThat(verdict.flagged()).isTrue();
        assertThat(verdict.reason())
                .startsWith("less typical than all 500 clean images of the calibration (improbability of all"
                        + " statistics together ")
                .contains(", above all for the bits per dimension")
                .endsWith("(high)");
    }

    @Test
    void everyStatisticIsReportedAndOneOfThemDecides() {
        Assessment assessment = judge(42).assessment();
        assertThat(assessment.statistics())
                .extracting(StatisticResult::name)
                .containsExactly(
                        "bits-per-dimension", "typicality", "tail-mass", "tail-share", "input-complexity", "combined");
        assertThat(assessment.decisive()).isSameAs(assessment.statistics().getFirst());
        assertThat(assessment.falsePositiveRate()).isEqualTo(0.01);
        assertThat(assessment.decisive().pValue().value()).isEqualTo(1 / 1001.0);
    }

    @Test
    void anImpossibleImageIsFlagged() {
        Conditionals impossible =
                new Conditionals(Blank.images(1, 1), new float[] {Float.NEGATIVE_INFINITY}, null, null, null);
        Verdict verdict = JUDGE.judge(impossible, AT_ONE_PERCENT).getFirst();
        assertThat(verdict.flagged()).isTrue();
        assertThat(verdict.reason()).contains("(bits per dimension Infinity, ");
    }

    @Test
    void aScoreThatIsNotANumberIsFlaggedWithItsOwnReason() {
        // ∞ / √∞: infinitely surprised where infinitely unsure.
        float[] one = {1, 1, 1, 1};
        Conditionals clean = new Conditionals(Blank.images(4, 1), new float[] {-1, -2, -3, -4}, one, one, null);
        Judge judge = new Judge(Calibration.fit(List.of(clean), source(4)));
        float[] variance = {1};
        Conditionals image = new Conditionals(
                Blank.images(1, 1), new float[] {Float.NEGATIVE_INFINITY}, new float[] {1}, variance, null);
        variance[0] = Float.POSITIVE_INFINITY; // after the record has checked it, as only a faulty density model would
        Verdict verdict =
                judge.judge(image, new Decision("standardised-surprisal", 0.5)).getFirst();
        assertThat(verdict.flagged()).isTrue();
        assertThat(verdict.reason())
                .isEqualTo("the standardised surprisal is not a number, so nothing can be said for the image");
    }

    @Test
    void aDecisionThatCannotBeMadeIsRefused() {
        assertThatThrownBy(() -> JUDGE.judge(one(1), new Decision("magic", 0.01)))
                .isInstanceOf(UnknownStatisticException.class);
        assertThatThrownBy(() -> JUDGE.judge(one(1), new Decision("bits-per-dimension", 0.0001)))
                .isInstanceOf(TooFewCleanImagesException.class);
        for (double rate : new double[] {0, 1, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Decision("bits-per-dimension", rate));
        }
    }

    private static CalibrationSource source(int images) {
        return new CalibrationSource("made up", images, "0".repeat(64));
    }

    private static Verdict judge(double bits) {
        return JUDGE.judge(one(bits), AT_ONE_PERCENT).getFirst();
    }

    private static Conditionals one(double bits) {
        return new Conditionals(Blank.images(1, 1), new float[] {(float) (-bits * Math.log(2))}, null, null, null);
    }

    private static Conditionals bits(int count) {
        float[] logProb = new float[count];
        for (int image = 0; image < count; image++) {
            logProb[image] = (float) (-0.01 * (image + 1) * Math.log(2));
        }
        return new Conditionals(Blank.images(count, 1), logProb, null, null, null);
    }
}
