package io.surprisal.evaluation.protocol;

import io.surprisal.detector.Detector;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.likelihood.ChainRule;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.ImageConditionals;
import io.surprisal.training.density.DifferentiableScores;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a bundle's densities, as an attacker has them who knows everything.
 *
 * @param model of {@code model.onnx}
 * @param screen of {@code screen.onnx}; null where the bundle has none
 */
public record KnownDensities(
        DifferentiableScores model, @Nullable DifferentiableScores screen) {
    private static final int TRIED = 8;
    private static final int SEARCHED = 64;
    private static final double TOLERANCE =
            0.02; // bits/dim: a bundle in int8 may be that far from its weights, or is not exported

    /**
     * Whether the weights are those of the bundle. With others an attacker climbs something that is not there, and the detector looks strong.
     *
     * @param clean a few images
     * @throws IllegalArgumentException when bits per dimension of one differ by more than {@value #TOLERANCE}, or weights are missing or one too many
     */
    void requireThoseOf(Detector detector, Levels clean) {
        if (detector.cascade().isPresent() != (screen != null)) {
            throw new IllegalArgumentException(
                    screen == null
                            ? "expected the weights of the bundle's screen too (--screen-weights), found none"
                            : "expected weights of a screen for a bundle with one, found a bundle without");
        }
        Levels few = clean.slice(0, Math.min(TRIED, clean.count()));
        require("model", model, few, detector.evaluateByModel(few));
        if (screen != null) {
            Levels more = clean.slice(0, Math.min(SEARCHED, clean.count()));
            Conditionals conditionals = detector.evaluate(more);
            int[] screened = IntStream.range(0, more.count())
                    .filter(image -> new ImageConditionals(conditionals, image).screened())
                    .limit(TRIED)
                    .toArray();
            if (screened.length == 0) {
                throw new IllegalArgumentException("expected the screen to be sure of one of " + more.count()
                        + " clean images, so that its weights can be tried, found none");
            }
            Levels own = more.pick(screened);
            require("screen", screen, own, detector.evaluate(own));
        }
    }

    private static void require(String which, DifferentiableScores weights, Levels images, Conditionals deployed) {
        int size = images.shape().dimensions();
        for (int image = 0; image < images.count(); image++) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = Byte.toUnsignedInt(images.data()[image * size + i]);
            }
            double found = weights.of(values, 1, List.of(new BitsPerDimension()), scores -> scores)
                    .scores()[0][0];
            double expected = ChainRule.of(deployed, image).bitsPerDimension();
            if (!(Math.abs(found - expected) <= TOLERANCE)) {
                throw new IllegalArgumentException(
                        "expected the weights of the bundle's %s, which gives an image %.4f bits per dimension, found weights that give it %.4f"
                                .formatted(which, expected, found));
            }
        }
    }
}
