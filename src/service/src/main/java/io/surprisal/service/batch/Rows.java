package io.surprisal.service.batch;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.Levels;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Joins conditionals by images: each image is one row of {@code dimensions} values. */
final class Rows {
    private Rows() {}

    @SuppressWarnings("NullAway") // from the class file of the record it reads its nullable components as not nullable
    static Conditionals concat(List<Conditionals> parts) {
        Conditionals first = parts.getFirst();
        return new Conditionals(
                Levels.concat(parts.stream().map(Conditionals::images).toList()),
                concatPresent(parts, Conditionals::logProb),
                first.entropy() == null ? null : concatPresent(parts, Conditionals::entropy),
                first.surprisalVariance() == null ? null : concatPresent(parts, Conditionals::surprisalVariance),
                first.cdf() == null ? null : concatPresent(parts, Conditionals::cdf),
                first.backgroundLogRatio() == null ? null : concatPresent(parts, Conditionals::backgroundLogRatio),
                first.screened() == null ? null : concatScreened(parts));
    }

    private static boolean[] concatScreened(List<Conditionals> parts) {
        boolean[] joined =
                new boolean[parts.stream().mapToInt(Conditionals::count).sum()];
        int at = 0;
        for (Conditionals part : parts) {
            boolean[] values = part.screened();
            if (values == null) {
                throw new IllegalStateException(
                        "expected every run of one model to go through its screen, one has not");
            }
            System.arraycopy(values, 0, joined, at, values.length);
            at += values.length;
        }
        return joined;
    }

    private static float[] concatPresent(List<Conditionals> parts, Function<Conditionals, float @Nullable []> output) {
        int length = parts.stream()
                .mapToInt(part -> part.count() * part.dimensions())
                .sum();
        float[] joined = new float[length];
        int at = 0;
        for (Conditionals part : parts) {
            float[] values = output.apply(part);
            if (values == null) {
                throw new IllegalStateException(
                        "expected every run of one model to have the same outputs, one is missing");
            }
            System.arraycopy(values, 0, joined, at, values.length);
            at += values.length;
        }
        return joined;
    }
}
