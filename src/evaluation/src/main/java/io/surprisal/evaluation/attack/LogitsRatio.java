package io.surprisal.evaluation.attack;

import java.util.Arrays;
import java.util.stream.IntStream;

/** −(z_label − max_{k ≠ label} z_k) / (z_π1 − z_π3), with π the order of the logits, largest first; at least 3 classes. */
record LogitsRatio() implements Objective {

    @Override
    public double value(float[] logits, int label) {
        int[] order = descending(logits);
        return -(logits[label] - logits[other(order, label)]) / spread(logits, order);
    }

    @Override
    public void derivatives(float[] logits, int label, float[] into) {
        Arrays.fill(into, 0);
        int[] order = descending(logits);
        double spread = spread(logits, order);
        double value = value(logits, label);
        into[label] -= (float) (1 / spread);
        into[other(order, label)] += (float) (1 / spread);
        // d(−m/s) = −dm/s + (m/s)·ds/s, and value = −m/s.
        into[order[0]] -= (float) (value / spread);
        into[order[2]] += (float) (value / spread);
    }

    private static int other(int[] order, int label) {
        return order[0] == label ? order[1] : order[0];
    }

    private static double spread(float[] logits, int[] order) {
        return Math.max(1e-12, (double) logits[order[0]] - logits[order[2]]);
    }

    private static int[] descending(float[] logits) {
        if (logits.length < 3) {
            throw new IllegalArgumentException("expected at least 3 classes for a ratio, found " + logits.length);
        }
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
