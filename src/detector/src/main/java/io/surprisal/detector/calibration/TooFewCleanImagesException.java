package io.surprisal.detector.calibration;

/**
 * The false-positive rate asked for is below what the calibration can resolve: with n reference scores the smallest
 * p-value is 1/(n + 1), so a rate below that flags nothing, whatever the image. The caller's fault (a 4xx), or the
 * bundle's when it is the default.
 */
public final class TooFewCleanImagesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long needed;

    TooFewCleanImagesException(double falsePositiveRate, int found) {
        long needed = needed(falsePositiveRate);
        super("a false-positive rate of " + falsePositiveRate + " needs at least " + needed
                + " clean reference scores, found " + found + "; the smallest rate they allow is " + 1.0 / (found + 1));
        this.needed = needed;
    }

    /** How many reference scores the rate needs: the smallest n with 1/(n + 1) ≤ rate. */
    public long needed() {
        return needed;
    }

    private static long needed(double falsePositiveRate) {
        long n = Math.max(1, (long) (1 / falsePositiveRate) - 2);
        while (1 / (n + 1.0) > falsePositiveRate) {
            n++;
        }
        return n;
    }
}
