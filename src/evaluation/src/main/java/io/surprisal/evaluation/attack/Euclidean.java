package io.surprisal.evaluation.attack;

/** Lengths in ℓ2 of one image's part of a batch. */
final class Euclidean {
    private Euclidean() {}

    /** ‖x‖ over {@code size} numbers from {@code from} on. */
    static double length(float[] x, int from, int size) {
        double squares = 0;
        for (int i = from; i < from + size; i++) {
            squares += (double) x[i] * x[i];
        }
        return Math.sqrt(squares);
    }

    /** ‖x − y‖ over {@code size} numbers from {@code from} on. */
    static double distance(float[] x, float[] y, int from, int size) {
        double squares = 0;
        for (int i = from; i < from + size; i++) {
            double difference = (double) x[i] - y[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }
}
