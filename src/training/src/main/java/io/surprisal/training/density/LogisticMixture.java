package io.surprisal.training.density;

import io.surprisal.training.weights.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A discretised mixture of K logistics a pixel (Salimans et al. 2017, arXiv:1701.05517, sections 2.1 and 2.2). Level v, scaled to
 * x = 2v/(L−1) − 1, has the mass between x − h and x + h, where h = 1/(L−1); the lowest and the highest level have the tails as
 * well, so the L masses sum to 1.
 *
 * <p>One component is drawn for the whole pixel; under component k the mean of channel c is moved linearly by the channels before
 * it, m_ck + Σ_d&lt;c a_cdk x_d. The conditional of a channel is then a mixture under the posterior of the component given the
 * channels before: ln w_ck = ln π_k + Σ_d&lt;c ln p_k(x_d | x_&lt;d), normalised over k.
 *
 * <p>Stable in float32 for every scale and distance: with A = (x − m − h)/s and B = (x − m + h)/s, ln(σ(B) − σ(A)) =
 * −softplus(−B) − softplus(A) + ln(1 − e^(A−B)), of which the last term depends on the scale alone and the first two are never
 * large at once. The lowest level has the first term only, the highest the second only.
 *
 * <p>The outputs are, in this order: K logits of the weights, C·K means, C·K logarithms of scales (clamped to ±{@value
 * #MAXIMAL_LOG_SCALE}), and K values whose tanh are the coefficients a for each pair of channels (G after R, B after R, B after
 * G).
 *
 * @param channels C of the image
 * @param levels L
 * @param components K of the mixture
 */
public record LogisticMixture(int channels, int levels, int components) implements Distribution {
    /** e^−7 is a ninth of the distance of two of 256 levels: no smaller scale makes a difference. */
    public static final float MAXIMAL_LOG_SCALE = 7;

    /** How much of an earlier channel's value is added to the mean of the next one, at first. */
    static final float FOLLOWS = 0.9f;

    private static final float FINEST = 4.5f;
    private static final float COARSEST = 2f;

    public LogisticMixture {
        if (channels < 1 || levels < 2 || components < 1) {
            throw new IllegalArgumentException("expected at least 1 channel, 2 levels and 1 component, found "
                    + channels + ", " + levels + " and " + components);
        }
    }

    /** Half the distance of two levels on the scale −1..1. */
    public float halfStep() {
        return 1f / (levels - 1);
    }

    /** Pairs of a channel and one before it. */
    public int pairs() {
        return channels * (channels - 1) / 2;
    }

    /**
     * Outputs to start training from, where the means are right already (see {@link PixelCnnPlusPlus}): equal weights, scales from
     * e^−{@value #FINEST} to e^−{@value #COARSEST}, and a channel that takes {@value #FOLLOWS} of the deviation of the one before.
     */
    float[] initialOutputs() {
        float[] values = new float[outputs()];
        for (int k = 0; k < components; k++) {
            float share = components == 1 ? 0.5f : k / (components - 1f);
            for (int c = 0; c < channels; c++) {
                values[(1 + channels + c) * components + k] = -(FINEST + share * (COARSEST - FINEST));
                if (c > 0) {
                    values[coefficient(c, c - 1) + k] = (float) (0.5 * Math.log((1 + FOLLOWS) / (1 - FOLLOWS)));
                }
            }
        }
        return values;
    }

    /** The first of the K outputs that are the means of a channel. */
    int mean(int channel) {
        return (1 + channel) * components;
    }

    /** The first of the K outputs that say how a channel follows an earlier one. */
    int coefficient(int channel, int before) {
        return (1 + 2 * channels + channel * (channel - 1) / 2 + before) * components;
    }

    @Override
    public int outputs() {
        return components * (1 + 2 * channels + pairs());
    }

    /** The network sees whole pixels before: what a channel owes to those of its own pixel is in the means and weights above. */
    @Override
    public boolean joinsChannels() {
        return true;
    }

    @Override
    public Tensor observed(Tensor outputs, Tensor levelsThere) {
        Tensor x = Likelihood.scaled(levelsThere, levels).unsqueeze(2); // (N, C, 1, H, W)
        Tensor means = means(outputs, x);
        Tensor logScales = logScales(outputs);
        Tensor ofComponents = logMass(x, means, logScales);
        Tensor logP = logWeights(outputs, ofComponents).add(ofComponents).logsumexp(2);
        // Rounding can lift a certainty above 0.
        return logP.clamp(new ScalarOptional(), new ScalarOptional(new Scalar(0f)));
    }

    @Override
    public Tensor logProbabilities(Tensor outputs, Tensor scaled) {
        Tensor x = scaled.unsqueeze(2);
        Tensor means = means(outputs, x);
        Tensor logScales = logScales(outputs);
        Tensor logWeights = logWeights(outputs, logMass(x, means, logScales));
        float[] grid = new float[levels];
        for (int v = 0; v < levels; v++) {
            grid[v] = v * (2f / (levels - 1)) - 1;
        }
        Tensor all = logMass(Tensors.of(grid, levels), means.unsqueeze(-1), logScales.unsqueeze(-1));
        return logWeights.unsqueeze(-1).add(all).logsumexp(2).permute(0, 2, 3, 1, 4);
    }

    /** Shape (N, C, K, H, W). */
    private Tensor means(Tensor outputs, Tensor x) {
        Tensor means = part(outputs, 1, channels);
        if (channels == 1) {
            return means;
        }
        Tensor coefficients = part(outputs, 1 + 2 * channels, pairs()).tanh();
        TensorVector moved = new TensorVector();
        moved.push_back(means.narrow(1, 0, 1));
        int pair = 0;
        for (int c = 1; c < channels; c++) {
            Tensor mean = means.narrow(1, c, 1);
            for (int d = 0; d < c; d++) {
                mean = mean.add(coefficients.narrow(1, pair++, 1).mul(x.narrow(1, d, 1)));
            }
            moved.push_back(mean);
        }
        return torch.cat(moved, 1);
    }

    private Tensor logScales(Tensor outputs) {
        return part(outputs, 1 + channels, channels)
                .clamp(
                        new ScalarOptional(new Scalar(-MAXIMAL_LOG_SCALE)),
                        new ScalarOptional(new Scalar(MAXIMAL_LOG_SCALE)));
    }

    /** ln w of each component at each channel, given the masses of the levels that are there; shape (N, C, K, H, W). */
    private Tensor logWeights(Tensor outputs, Tensor ofComponents) {
        Tensor logits = part(outputs, 0, 1);
        if (channels == 1) {
            return torch.log_softmax(logits, 2);
        }
        Tensor before = ofComponents.narrow(1, 0, channels - 1L).cumsum(1);
        TensorVector evidence = new TensorVector();
        evidence.push_back(logits);
        evidence.push_back(logits.add(before));
        return torch.log_softmax(torch.cat(evidence, 1), 2);
    }

    /** {@code groups} groups of K outputs, from group {@code first} on; shape (N, groups, K, H, W). */
    private Tensor part(Tensor outputs, int first, int groups) {
        return outputs.toType(ScalarType.Float)
                .narrow(1, (long) first * components, (long) groups * components)
                .reshape(outputs.size(0), groups, components, outputs.size(2), outputs.size(3));
    }

    /** ln of the mass a logistic gives the level at {@code x}; all arguments broadcast. */
    private Tensor logMass(Tensor x, Tensor mean, Tensor logScale) {
        float h = halfStep();
        Tensor inverse = logScale.neg().exp();
        Tensor centred = x.sub(mean);
        Tensor below = torch.softplus(centred.sub(new Scalar(h)).mul(inverse));
        Tensor above = torch.softplus(centred.add(new Scalar(h)).neg().mul(inverse));
        Tensor width = inverse.mul(new Scalar(-2 * h)).expm1().neg().log();
        Tensor notLowest = x.gt(new Scalar(h - 1)).toType(ScalarType.Float);
        Tensor notHighest = x.lt(new Scalar(1 - h)).toType(ScalarType.Float);
        return width.mul(notLowest.mul(notHighest)).sub(below.mul(notLowest)).sub(above.mul(notHighest));
    }
}
