package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import java.util.Arrays;

/** The two parts of an image's surprisal: that of its most surprising fiftieth of the dimensions, and all of it. Nats. */
record LargestSurprisals(int dimensions, double largest, double all) {

    private static final int SHARE = 50;

    static LargestSurprisals of(Conditionals conditionals, int image) {
        int all = conditionals.dimensions();
        int start = Math.multiplyExact(image, all);
        float[] ascending = Arrays.copyOfRange(conditionals.logProb(), start, start + all);
        Arrays.sort(ascending);
        int count = Math.max(1, all / SHARE);
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest -= ascending[i];
        }
        double sum = largest;
        for (int i = count; i < all; i++) {
            sum -= ascending[i];
        }
        return new LargestSurprisals(count, largest, sum);
    }
}
