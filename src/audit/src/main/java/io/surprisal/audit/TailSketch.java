package io.surprisal.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scores of any number of images in little memory, such that ranks among them are exact for the most extreme, and for the others never
 * more extreme than they should be: a sketch of quantiles with a relative error on one side, without chance. Sketches of parts are merged in
 * any order; what {@link #sample} gives says how large the error may be.
 *
 * <p>Scores are gathered and, {@value #TOGETHER} samples at a time, joined and, unless they are few, {@linkplain WeightedSample#shortened()
 * shortened}; what comes out is gathered with others that were shortened as often. So n scores are shortened about log n times, to the base
 * of {@value #TOGETHER}, and each time adds {@link WeightedSample#STEP} to the error. (The merging of summaries of Zhang and Wang, "An
 * Efficient Algorithm for Approximate Biased Quantile Computation in Data Streams", CIKM 2007; here the error is on one side.) Not safe for
 * use by many threads.
 */
final class TailSketch {
    /** So many are worth keeping one by one. */
    static final int FEW = 32_768;

    private static final int BUFFER = 8192;
    private static final int TOGETHER = 16;

    private final long[] buffer = new long[BUFFER];
    private int buffered;
    private final List<List<WeightedSample>> byShortenings = new ArrayList<>();

    /** @param score a finite float, see {@link WeightedSample#holds} */
    void add(double score) {
        buffer[buffered++] = WeightedSample.item(score);
        if (buffered == BUFFER) {
            merge(emptyBuffer());
        }
    }

    /** Adds what another sketch holds. */
    void merge(WeightedSample part) {
        while (byShortenings.size() <= part.shortenings()) {
            byShortenings.add(new ArrayList<>(TOGETHER));
        }
        List<WeightedSample> alike = byShortenings.get(part.shortenings());
        alike.add(part);
        if (alike.size() == TOGETHER) {
            WeightedSample joined = WeightedSample.joined(alike);
            alike.clear();
            if (joined.size() > FEW) {
                merge(joined.shortened());
            } else {
                alike.add(joined);
            }
        }
    }

    /**
     * All that was added and merged so far; the sketch is empty then.
     *
     * @param most scores that are still kept one by one; more are shortened, once again if parts of them were before
     */
    WeightedSample sample(int most) {
        merge(emptyBuffer());
        WeightedSample all = WeightedSample.joined(
                byShortenings.stream().flatMap(List::stream).toList());
        byShortenings.clear();
        return all.shortenings() > 0 || all.size() > most ? all.shortened() : all;
    }

    private WeightedSample emptyBuffer() {
        long[] items = Arrays.copyOf(buffer, buffered);
        Arrays.sort(items);
        buffered = 0;
        return new WeightedSample(items, 0);
    }
}
