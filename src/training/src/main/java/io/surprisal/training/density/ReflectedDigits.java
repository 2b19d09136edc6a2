package io.surprisal.training.density;

import io.surprisal.training.weights.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A level as two digits that are independent given the past: L = a·b levels for a + b logits a dimension, 32 instead of 256.
 *
 * <p>Level x has the high digit h = x div b, 0..a−1, and the low digit l = x mod b, 0..b−1, which counts backwards where h is odd: l' =
 * b−1−l. This is the reflected code of mixed radices (Knuth, The Art of Computer Programming, volume 4A, section 7.2.1.1, "reflected
 * Gray codes"): neighbouring levels differ in one digit, by one. So the levels on both sides of a boundary of the high digit, 127 and 128,
 * share l', and a narrow peak across it is a product; in plain digits it would be one with a second peak 16 levels off. p(x) = p(h) p(l')
 * is a distribution over all L levels, normalised exactly. Its logarithm and its surprisal's mean and variance are sums over the digits:
 * ln p(h) + ln p(l'), H(h) + H(l'), V(h) + V(l').
 *
 * <p>What it cannot say is how the digits depend on one another. A peak that is not in the middle of a boundary it reaches across, or two
 * peaks under different high digits, are smeared: mass at (h, l') comes with mass at (h', l') wherever h' has some. The likelihood lost, at
 * the best fit, is the mutual information of the digits. It is for screens: models that look at every image and leave the doubtful ones
 * to a better model, where logits, exponentials and moments of 256 levels are most of the work.
 *
 * <p>The outputs are channel-major; of a channel the a logits of the high digit come first, then the b of the low one.
 *
 * @param channels of the image
 * @param levels L, with two factors of 2 or more; or 2 or 3, which are a low digit alone
 */
public record ReflectedDigits(int channels, int levels) implements Distribution {

    public ReflectedDigits {
        if (channels < 1 || levels < 2) {
            throw new IllegalArgumentException(
                    "expected at least 1 channel and 2 levels, found " + channels + " and " + levels);
        }
        if (levels > 3 && largestFactorUpToRoot(levels) == 1) {
            throw new IllegalArgumentException(
                    "expected a number of levels that is a product, to be written as two digits, found the prime "
                            + levels);
        }
    }

    /** a, the values of the high digit: of the two factors of L that are closest to each other the smaller one. */
    public int high() {
        return largestFactorUpToRoot(levels);
    }

    /** b, the values of the low digit: the larger factor, so that there are few boundaries. */
    public int low() {
        return levels / high();
    }

    private static int largestFactorUpToRoot(int levels) {
        int factor = (int) Math.sqrt(levels);
        while (levels % factor != 0) {
            factor--;
        }
        return factor;
    }

    /** Whether the low digit counts backwards at this level. */
    private boolean reflected(int level) {
        return level / low() % 2 == 1;
    }

    /** h, for every level. */
    public int[] highDigits() {
        int[] digits = new int[levels];
        for (int level = 0; level < levels; level++) {
            digits[level] = level / low();
        }
        return digits;
    }

    /** l', for every level. */
    public int[] lowDigits() {
        int[] digits = new int[levels];
        for (int level = 0; level < levels; level++) {
            int plain = level % low();
            digits[level] = reflected(level) ? low() - 1 - plain : plain;
        }
        return digits;
    }

    @Override
    public int outputs() {
        return channels * (high() + low());
    }

    @Override
    public boolean joinsChannels() {
        return false;
    }

    @Override
    public Tensor logProbabilities(Tensor outputs, Tensor scaled) {
        Tensor logits = byDimension(outputs);
        return ofHigh(logits)
                .index_select(-1, index(highDigits()))
                .add(ofLow(logits).index_select(-1, index(lowDigits())));
    }

    @Override
    public Tensor observed(Tensor outputs, Tensor levels) {
        Tensor logits = byDimension(outputs);
        Tensor there = levels.toType(ScalarType.Long).permute(0, 2, 3, 1);
        return at(ofHigh(logits), there, highDigits())
                .add(at(ofLow(logits), there, lowDigits()))
                .permute(0, 3, 1, 2);
    }

    /** (N, C·(a+b), H, W) to (N, H, W, C, a+b). */
    private Tensor byDimension(Tensor outputs) {
        return outputs.toType(ScalarType.Float)
                .permute(0, 2, 3, 1)
                .reshape(outputs.size(0), outputs.size(2), outputs.size(3), channels, high() + low());
    }

    private Tensor ofHigh(Tensor logits) {
        return torch.log_softmax(logits.narrow(-1, 0, high()), -1);
    }

    private Tensor ofLow(Tensor logits) {
        return torch.log_softmax(logits.narrow(-1, high(), low()), -1);
    }

    /** ln p of the digit that the levels have, of their shape. */
    private Tensor at(Tensor logP, Tensor levels, int[] digits) {
        Tensor digit = index(digits)
                .index_select(0, levels.flatten())
                .reshape(levels.sizes())
                .unsqueeze(-1);
        return torch.gather(logP, -1, digit).squeeze(-1);
    }

    private static Tensor index(int[] digits) {
        float[] values = new float[digits.length];
        for (int level = 0; level < values.length; level++) {
            values[level] = digits[level];
        }
        return Tensors.of(values, values.length).toType(ScalarType.Long);
    }
}
