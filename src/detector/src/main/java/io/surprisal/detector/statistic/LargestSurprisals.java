package io.surprisal.detector.statistic;

import java.util.Arrays;

/** The two parts of an image's surprisal: that of its most surprising fiftieth of the dimensions, and all of it. Nats. */
record LargestSurprisals(int dimensions, double largest, double all) {

    private static final int SHARE = 50;

    static LargestSurprisals of(ImageConditionals image) {
        float[] logProb = Arrays.copyOfRange(image.batch().logProb(), image.start(), image.end());
        int count = Math.max(1, logProb.length / SHARE);
        partition(logProb, count);
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest -= logProb[i];
        }
        double sum = largest;
        for (int i = count; i < logProb.length; i++) {
            sum -= logProb[i];
        }
        return new LargestSurprisals(count, largest, sum);
    }

    /** Brings the least values to the front, in any order: Hoare's selection (1961), several times as fast as sorting. */
    private static void partition(float[] values, int front) {
        int from = 0;
        int to = values.length - 1;
        while (from < to) {
            float pivot = values[(from + to) >>> 1];
            int i = from;
            int j = to;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    float swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            if (front - 1 <= j) {
                to = j;
            } else if (front - 1 >= i) {
                from = i;
            } else {
                return;
            }
        }
    }
}
