package io.surprisal.evaluation.protocol;

import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.statistic.Fitted;
import io.surprisal.detector.statistic.InputComplexity;
import io.surprisal.detector.statistic.Measured;
import io.surprisal.detector.statistic.Statistic;
import io.surprisal.evaluation.attack.Guard;
import io.surprisal.evaluation.score.Scorer;
import io.surprisal.evaluation.score.Workers;
import io.surprisal.training.density.DifferentiableScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * A detector with the weights of a density, and so with gradients: of the statistic that decides, or in a cascade of that by which the screen chooses,
 * while what an image is worth is what the whole detector says of it. A fitted statistic's derivatives by its inputs are differences over
 * {@value #STEP} of an input's size; from there libtorch goes on.
 */
final class DetectorGuard implements Guard {
    private static final double STEP = 1e-4;
    private static final int BATCH_DIMENSIONS = 8 * 784; // bounds the memory of the way back

    private final Scorer scorer;
    private final Workers workers;
    private final String name;
    private final String decisive;
    private final Statistic statistic;
    private final List<Measured> inputs;
    private final DifferentiableScores density;
    private final ImageShape shape;
    private final int levels;

    /**
     * @param name as in reports
     * @param decisive name of the statistic that decides
     * @param statistic the one to bring down, of the density
     * @param density with its weights
     */
    DetectorGuard(
            BundleManifest manifest,
            Scorer scorer,
            Workers workers,
            String name,
            String decisive,
            Statistic statistic,
            DifferentiableScores density) {
        this.scorer = scorer;
        this.workers = workers;
        this.name = name;
        this.decisive = decisive;
        this.statistic = statistic;
        this.inputs = switch (statistic) {
            case Measured measured -> List.of(measured);
            case Fitted fitted -> fitted.inputs();
        };
        this.density = density;
        this.shape = manifest.shape();
        this.levels = manifest.levels();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double[] scores(Levels images) {
        return scorer.score(images, done -> {}).of(decisive);
    }

    @Override
    public float[] gradients(float[] images, int count) {
        int size = images.length / count;
        float[] gradients = new float[images.length];
        int batch = Math.max(1, BATCH_DIMENSIONS / size);
        List<Callable<Integer>> parts = new ArrayList<>();
        for (int from = 0; from < count; from += batch) {
            int start = from;
            int end = Math.min(count, from + batch);
            parts.add(() -> {
                float[] own = Arrays.copyOfRange(images, start * size, end * size);
                double[] codes = codes(own, end - start);
                float[] part = density.of(own, end - start, inputs, scores -> derivatives(scores, codes))
                        .gradients();
                System.arraycopy(part, 0, gradients, start * size, part.length);
                return end - start;
            });
        }
        workers.run(parts, done -> {});
        return gradients;
    }

    private double[][] derivatives(double[][] scores, double[] codes) {
        int complexity = inputs.indexOf(new InputComplexity());
        double[][] derivatives = new double[scores.length][];
        for (int image = 0; image < scores.length; image++) {
            double[] values = scores[image].clone();
            if (complexity >= 0) {
                values[complexity] -= codes[image];
            }
            derivatives[image] = derivatives(values);
        }
        return derivatives;
    }

    /** The lengths of the lossless codes of the images, rounded: what has no gradient. An image of probability 1 costs nothing beyond them. */
    private double[] codes(float[] images, int count) {
        byte[] rounded = new byte[images.length];
        for (int i = 0; i < images.length; i++) {
            rounded[i] = (byte) Math.round(images[i]);
        }
        Levels levels = Levels.of(shape, this.levels, count, rounded);
        Conditionals certain = new Conditionals(levels, new float[images.length], null, null, null);
        return IntStream.range(0, count)
                .mapToDouble(image -> -new InputComplexity().of(certain, image))
                .toArray();
    }

    private double[] derivatives(double[] values) {
        if (!(statistic instanceof Fitted fitted)) {
            return new double[] {1};
        }
        double[] derivatives = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double step = STEP * (1 + Math.abs(values[i]));
            double[] more = values.clone();
            double[] less = values.clone();
            more[i] += step;
            less[i] -= step;
            derivatives[i] = (fitted.of(more) - fitted.of(less)) / (2 * step);
        }
        return derivatives;
    }
}
