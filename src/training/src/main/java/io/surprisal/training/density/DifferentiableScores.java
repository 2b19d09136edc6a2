package io.surprisal.training.density;

import static org.bytedeco.pytorch.global.torch.avg_pool2d;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.stack;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.InputComplexity;
import io.surprisal.detector.statistic.LikelihoodRatio;
import io.surprisal.detector.statistic.LocalLikelihoodRatio;
import io.surprisal.detector.statistic.LocalSurprisal;
import io.surprisal.detector.statistic.Measured;
import io.surprisal.detector.statistic.SerialCorrelation;
import io.surprisal.detector.statistic.StandardisedSurprisal;
import io.surprisal.detector.statistic.TailMass;
import io.surprisal.detector.statistic.TailShare;
import io.surprisal.detector.statistic.Uniformity;
import io.surprisal.detector.statistic.WeightedSurprisal;
import io.surprisal.training.weights.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/**
 * The detector's measured statistics once more, in libtorch, so that they have gradients by the image: what an attacker who knows the detector has.
 * Nothing here decides anything; a test holds the values to those of {@link Measured}.
 *
 * <p>Between two whole levels the log-probability of the observed value is interpolated. The lossless code of {@link InputComplexity} has no gradient and is
 * taken for a constant: its score here is that of bits per dimension. Safe for use by many threads; a call runs on the thread that makes it.
 */
public final class DifferentiableScores {
    private static final int[] SIDES = {3, 5, 7, 11};
    private static final double LEAST = 1e-6; // below a root or a divisor

    private final FittedNetwork model;
    private final @Nullable Background background;

    /** @param weights of the network, as in its layout */
    public DifferentiableScores(AutoregressiveNetwork network, float[] weights) {
        this(new FittedNetwork(network, weights), null);
    }

    /** @param background of the likelihood ratio, or {@code null} where no statistic asks for it */
    public DifferentiableScores(FittedNetwork model, @Nullable Background background) {
        this.model = model;
        this.background = background;
    }

    /**
     * Scores, and the gradient of any function of them.
     *
     * @param scores [N][statistic]
     * @param gradients N·C·H·W partial derivatives by the levels, NCHW
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record PullBack(double[][] scores, float[] gradients) {}

    /**
     * Pulls derivatives by the scores back to derivatives by the levels.
     *
     * @param images N·C·H·W levels, NCHW, not necessarily whole numbers; all in one pass, so N bounds the memory
     * @param count N
     * @param statistics which scores, in their order
     * @param derivatives [N][statistic] scores to as many partial derivatives by them
     */
    public PullBack of(float[] images, int count, List<Measured> statistics, UnaryOperator<double[][]> derivatives) {
        set_num_threads(1);
        ImageShape s = model.network().shape();
        try (PointerScope scope = new PointerScope()) {
            Tensor x = Tensors.of(images, count, s.channels(), s.height(), s.width());
            x.set_requires_grad(true);
            Terms terms = terms(x);
            TensorVector columns = new TensorVector();
            statistics.forEach(statistic -> columns.push_back(score(statistic, terms)));
            Tensor scores = stack(columns, 1);
            double[][] values = rows(Tensors.toFloats(scores), statistics.size());
            float[] cotangents = flat(derivatives.apply(values), statistics.size());
            scores.mul(Tensors.of(cotangents, count, statistics.size())).sum().backward();
            return new PullBack(values, Tensors.toFloats(x.grad()));
        }
    }

    /**
     * What every statistic is made of, each (N, H, W, C): surprisal, entropy, variance of the surprisal, Rosenblatt's U − ½, and ln q − ln p of a
     * background.
     */
    private record Terms(
            Tensor surprisal,
            Tensor entropy,
            Tensor variance,
            Tensor place,
            @Nullable Tensor ratio,
            int dimensions) {

        Tensor backgroundLogRatio() {
            if (ratio == null) {
                throw new IllegalArgumentException("expected the weights of a background, found none");
            }
            return ratio;
        }

        Tensor excess() {
            return surprisal.sub(entropy);
        }

        /** 1 − e^(−2H). */
        Tensor freedom() {
            return entropy.mul(new Scalar(-2f)).exp().neg().add(new Scalar(1f));
        }
    }

    private Terms terms(Tensor x) {
        int levels = model.network().levels();
        Tensor scaled = x.mul(new Scalar(2f / (levels - 1))).sub(new Scalar(1f));
        Tensor logP = logProbabilities(model, scaled);
        Tensor p = logP.exp();
        float[] all = new float[levels];
        for (int k = 0; k < levels; k++) {
            all[k] = k;
        }
        Tensor distance = x.permute(0, 2, 3, 1).unsqueeze(-1).sub(Tensors.of(all, levels));
        Tensor hat = distance.abs().neg().add(new Scalar(1f)).relu();
        Tensor below = unit(distance.add(new Scalar(0.5f)));
        Tensor pLogP = p.mul(logP);
        Tensor entropy = pLogP.sum(-1).neg();
        Tensor variance = pLogP.mul(logP).sum(-1).sub(entropy.mul(entropy)).relu();
        Tensor observed = hat.mul(logP).sum(-1);
        return new Terms(
                observed.neg(),
                entropy,
                variance,
                p.mul(below).sum(-1).sub(new Scalar(0.5f)),
                ratio(scaled, hat, observed),
                model.network().shape().dimensions());
    }

    private @Nullable Tensor ratio(Tensor scaled, Tensor hat, Tensor observed) {
        if (background == null) {
            return null;
        }
        Tensor disturbed =
                hat.mul(logProbabilities(background.disturbed(), scaled)).sum(-1);
        Tensor twin = background.twin() == model
                ? observed
                : hat.mul(logProbabilities(background.twin(), scaled)).sum(-1);
        return disturbed
                .sub(twin)
                .clamp(
                        new ScalarOptional(new Scalar(-Background.MOST_NATS)),
                        new ScalarOptional(new Scalar(Background.MOST_NATS)));
    }

    private static Tensor logProbabilities(FittedNetwork fitted, Tensor scaled) {
        Tensor flat = Tensors.of(fitted.weights(), fitted.weights().length);
        AutoregressiveNetwork network = fitted.network();
        return new Likelihood(network)
                .logProbabilities(new TorchOperations(network.parameters().view(flat)), scaled);
    }

    /** Cut to 0..1. */
    private static Tensor unit(Tensor x) {
        return x.relu().sub(x.sub(new Scalar(1f)).relu());
    }

    private Tensor score(Measured statistic, Terms t) {
        return switch (statistic) {
            case BitsPerDimension b -> bits(t);
            case InputComplexity c -> bits(t);
            case StandardisedSurprisal z -> sum(t.excess()).div(root(sum(t.variance)));
            case WeightedSurprisal w -> {
                Tensor weight = t.entropy.neg().exp();
                yield sum(weight.mul(t.excess()))
                        .div(root(sum(weight.mul(weight).mul(t.variance))));
            }
            case Uniformity u -> {
                Tensor weight = t.freedom();
                Tensor terms =
                        weight.mul(t.place.mul(t.place).mul(new Scalar(12f)).sub(weight));
                yield sum(terms).div(root(sum(weight.mul(weight)).mul(new Scalar(0.8f))));
            }
            case SerialCorrelation correlation -> correlation(correlation.direction(), t);
            case LocalSurprisal l -> local(t);
            case TailMass m -> tail(t).mul(new Scalar(1f / tailSize(t)));
            case LikelihoodRatio ratio -> sum(t.backgroundLogRatio());
            case LocalLikelihoodRatio ratio -> localRatio(t.backgroundLogRatio());
            case TailShare share -> tail(t).div(sum(t.surprisal).add(new Scalar((float) LEAST)));
        };
    }

    private static Tensor bits(Terms t) {
        return sum(t.surprisal).mul(new Scalar((float) (1 / (t.dimensions * Math.log(2)))));
    }

    private static int tailSize(Terms t) {
        return Math.max(1, t.dimensions / 50);
    }

    private static Tensor tail(Terms t) {
        return t.surprisal.flatten(1, -1).topk(tailSize(t)).get0().sum(-1);
    }

    private static Tensor correlation(SerialCorrelation.Direction direction, Terms t) {
        long height = t.place.size(1);
        long width = t.place.size(2);
        long channels = t.place.size(3);
        return switch (direction) {
            case ROWS -> quotient(List.of(new Pair(2, 1, 0, width - 1)), t);
            case COLUMNS -> quotient(List.of(new Pair(1, 1, 0, height - 1)), t);
            case CHANNELS -> quotient(List.of(new Pair(3, 1, 0, channels - 1)), t);
            case DIAGONALS -> {
                Tensor later = t.place.narrow(1, 1, height - 1);
                Tensor freedom = t.freedom().narrow(1, 1, height - 1);
                Tensor earlier = t.place.narrow(1, 0, height - 1);
                Tensor[] left = products(
                        earlier.narrow(2, 0, width - 1),
                        later.narrow(2, 1, width - 1),
                        freedom.narrow(2, 1, width - 1));
                Tensor[] right = products(
                        earlier.narrow(2, 1, width - 1),
                        later.narrow(2, 0, width - 1),
                        freedom.narrow(2, 0, width - 1));
                yield left[0].add(right[0]).div(root(left[1].add(right[1])));
            }
        };
    }

    /** Neighbours along one axis: the later ones begin at {@code later}, the earlier ones at {@code earlier}. */
    private record Pair(int axis, long later, long earlier, long length) {}

    private static Tensor quotient(List<Pair> pairs, Terms t) {
        Pair pair = pairs.getFirst();
        Tensor[] sums = products(
                t.place.narrow(pair.axis, pair.earlier, pair.length),
                t.place.narrow(pair.axis, pair.later, pair.length),
                t.freedom().narrow(pair.axis, pair.later, pair.length));
        return sums[0].div(root(sums[1]));
    }

    private static Tensor[] products(Tensor earlier, Tensor later, Tensor freedom) {
        return new Tensor[] {
            sum(earlier.mul(later)), sum(earlier.mul(earlier).mul(freedom)).mul(new Scalar(1f / 12))
        };
    }

    private static Tensor local(Terms t) {
        Tensor excess = t.excess().sum(-1).unsqueeze(1);
        Tensor variance = t.variance.sum(-1).unsqueeze(1);
        int height = (int) excess.size(2);
        int width = (int) excess.size(3);
        List<Tensor> sides = new ArrayList<>();
        for (int side : SIDES) {
            int tall = Math.min(side, height);
            int wide = Math.min(side, width);
            Tensor sum = windows(excess, tall, wide);
            Tensor under = windows(variance, tall, wide).add(new Scalar((float) side));
            int count = (height - tall + 1) * (width - wide + 1);
            sides.add(
                    largest(sum.mul(sum.abs()).div(under)).mul(new Scalar(0.5f)).sub(new Scalar((float)
                            Math.log(count))));
        }
        return stack(new TensorVector(sides.toArray(Tensor[]::new)), 1).amax(new long[] {1}, false);
    }

    private static Tensor localRatio(Tensor ratio) {
        Tensor perPixel = ratio.sum(-1).unsqueeze(1);
        int height = (int) perPixel.size(2);
        int width = (int) perPixel.size(3);
        List<Tensor> sides = new ArrayList<>();
        for (int side : SIDES) {
            int tall = Math.min(side, height);
            int wide = Math.min(side, width);
            int count = (height - tall + 1) * (width - wide + 1);
            sides.add(largest(windows(perPixel, tall, wide)).sub(new Scalar((float) Math.log(count))));
        }
        return stack(new TensorVector(sides.toArray(Tensor[]::new)), 1).amax(new long[] {1}, false);
    }

    private static Tensor largest(Tensor windows) {
        return windows.flatten(1, -1).amax(new long[] {1}, false);
    }

    private static Tensor windows(Tensor x, int tall, int wide) {
        return avg_pool2d(
                        x,
                        new long[] {tall, wide},
                        new long[] {1, 1},
                        new long[] {0, 0},
                        false,
                        true,
                        new LongOptional())
                .mul(new Scalar((float) (tall * wide)));
    }

    /** Over all but the first axis. */
    private static Tensor sum(Tensor x) {
        return x.flatten(1, -1).sum(-1);
    }

    private static Tensor root(Tensor x) {
        return x.add(new Scalar((float) LEAST)).sqrt();
    }

    private static double[][] rows(float[] values, int width) {
        double[][] rows = new double[values.length / width][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = values[i];
        }
        return rows;
    }

    private static float[] flat(double[][] rows, int width) {
        float[] values = new float[rows.length * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows[i / width][i % width];
        }
        return values;
    }
}
