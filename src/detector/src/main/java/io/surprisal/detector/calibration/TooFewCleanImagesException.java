package io.surprisal.detector.calibration;

/**
 * The false-positive rate asked for is below what the calibration can resolve: with n reference scores the smallest
 * p-value is 1/(n + 1), more where images count as more extreme than every score, so a rate below that flags nothing, whatever the image. The caller's fault (a 4xx), or the
 * bundle's when it is the default.
 */
public final class TooFewCleanImagesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long needed;

    /** @param above how many of those found count as more extreme than every score */
    TooFewCleanImagesException(double falsePositiveRate, int found, int above) {
        long needed = needed(falsePositiveRate, above);
        super("a false-positive rate of " + falsePositiveRate + " needs at least " + needed
                + " clean reference scores, found " + found
                + (above == 0 ? "" : ", of which " + above + " count as more extreme than every score")
                + "; the smallest rate they allow is " + (1.0 + above) / (found + 1.0));
        this.needed = needed;
    }

    /** @param flagged the share of clean images that a screen flags by itself, which leaves the rate nothing to the model */
    private TooFewCleanImagesException(double falsePositiveRate, double flagged) {
        super("a false-positive rate of " + falsePositiveRate
                + " leaves nothing for the model to flag: the screen before it flags a share of " + flagged
                + " of clean images by itself");
        this.needed = Long.MAX_VALUE;
    }

    /** For a rate at which only what a screen flags by itself would be flagged, whatever the model says. */
    static TooFewCleanImagesException usedUpByTheScreen(double falsePositiveRate, double flagged) {
        return new TooFewCleanImagesException(falsePositiveRate, flagged);
    }

    /** How many reference scores the rate needs: the smallest n with (1 + those above all)/(n + 1) ≤ rate. */
    public long needed() {
        return needed;
    }

    private static long needed(double falsePositiveRate, int above) {
        long n = Math.max(1, (long) ((1.0 + above) / falsePositiveRate) - 2);
        while ((1.0 + above) / (n + 1.0) > falsePositiveRate) {
            n++;
        }
        return n;
    }
}
