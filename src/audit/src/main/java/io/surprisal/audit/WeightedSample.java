package io.surprisal.audit;

import io.surprisal.detector.calibration.ReferenceScores;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Some of many scores, each with the number of scores it stands for: itself and others that are no larger. So the weight at or above any
 * score is never less than the number of scores at or above it, and more by a share of at most {@link #excess()}.
 *
 * @param ascending items, the smallest first: the score, as an integer that sorts as it does, in the upper 32 bits, and the weight below
 * @param shortenings how often the scores behind these were {@linkplain #shortened() shortened}, at most
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record WeightedSample(long[] ascending, int shortenings) {
    /** A score may stand for this share of the scores at or above it: of the largest 1,024 each stays. */
    static final double STEP = 1.0 / 1024;

    static final WeightedSample EMPTY = new WeightedSample(new long[0], 0);

    /** A score by itself. A double becomes the next float that is not below it, so that its rank is not less extreme either. */
    static long item(double score) {
        float rounded = (float) score;
        int bits = Float.floatToIntBits((rounded < score ? Math.nextUp(rounded) : rounded) + 0f); // + 0: there is no −0
        return (long) (bits ^ bits >> 31 & Integer.MAX_VALUE) << Integer.SIZE | 1;
    }

    /** Whether a score can be one of a sample; one that is not a finite float cannot. */
    static boolean holds(double score) {
        return Math.abs(score) < Float.MAX_VALUE;
    }

    static WeightedSample joined(List<WeightedSample> parts) {
        long[] all =
                new long[parts.stream().mapToInt(part -> part.ascending.length).sum()];
        int to = 0;
        for (WeightedSample part : parts) {
            System.arraycopy(part.ascending, 0, all, to, part.ascending.length);
            to += part.ascending.length;
        }
        Arrays.sort(all);
        return new WeightedSample(
                all, parts.stream().mapToInt(WeightedSample::shortenings).max().orElse(0));
    }

    /**
     * Fewer items of the same weight. From the largest score down, each takes over the weight of those that follow it, ties apart, while
     * that is at most {@link #STEP} of the weight at and above it: about (1 + ln(n · STEP)) / STEP items are left.
     */
    WeightedSample shortened() {
        long[] kept = new long[ascending.length];
        int to = kept.length;
        long weight = 0;
        int from = ascending.length - 1;
        while (from >= 0) {
            long largest = ascending[from] >> Integer.SIZE;
            long own = 0;
            while (from >= 0 && ascending[from] >> Integer.SIZE == largest) {
                own += (int) ascending[from--];
            }
            double room = STEP * (weight + own);
            long taken = 0;
            while (from >= 0 && taken + (int) ascending[from] <= room) {
                taken += (int) ascending[from--];
            }
            weight += own + taken;
            kept[--to] = largest << Integer.SIZE | own + taken;
        }
        return new WeightedSample(Arrays.copyOfRange(kept, to, kept.length), shortenings + 1);
    }

    int size() {
        return ascending.length;
    }

    /** How many scores these stand for. */
    long weight() {
        long weight = 0;
        for (long item : ascending) {
            weight += (int) item;
        }
        return weight;
    }

    /** The largest share by which the weight at or above a score may be larger than the number of scores there. */
    double excess() {
        return Math.pow(1 + STEP, shortenings) - 1;
    }

    /** As what clean images score, with so many more that count as more extreme than all of these. */
    ReferenceScores references(int above) {
        double[] scores = new double[ascending.length];
        int[] weights = new int[ascending.length];
        for (int i = 0; i < scores.length; i++) {
            int bits = (int) (ascending[i] >> Integer.SIZE);
            scores[i] = Float.intBitsToFloat(bits ^ bits >> 31 & Integer.MAX_VALUE);
            weights[i] = (int) ascending[i];
        }
        return ReferenceScores.weighted(scores, weights, above, excess());
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(shortenings);
        out.writeInt(ascending.length);
        for (long item : ascending) {
            out.writeLong(item);
        }
    }

    static WeightedSample read(DataInput in) throws IOException {
        int shortenings = in.readInt();
        long[] ascending = new long[in.readInt()];
        for (int i = 0; i < ascending.length; i++) {
            ascending[i] = in.readLong();
        }
        return new WeightedSample(ascending, shortenings);
    }
}
