package io.surprisal.training.data;

import java.util.Random;

/**
 * A random order of 0..n−1 (Fisher and Yates, inside out). The split that a shipped bundle held out is such an order: another way of
 * drawing would be another split.
 */
public final class Permutation {
    private Permutation() {}

    public static int[] of(int n, Random random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
