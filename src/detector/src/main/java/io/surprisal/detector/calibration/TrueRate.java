package io.surprisal.detector.calibration;

/**
 * What the false-positive rate of a calibrated threshold really is. A threshold from n clean scores is itself an estimate: its rate on all clean
 * images is Beta(k + 1, n − k) distributed when k of the n scores lie above it and none are tied (Clopper and Pearson, Biometrika 1934, inverted).
 *
 * @param lower end of the central interval, 0..upper
 * @param upper its other end, at most 1
 * @param confidence the share of calibrations whose interval holds the rate, for example 0.95
 */
public record TrueRate(double lower, double upper, double confidence) {

    public TrueRate {
        if (!(lower >= 0 && lower <= upper && upper <= 1 && confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("expected 0 <= lower <= upper <= 1 and a confidence in between, found "
                    + lower + ", " + upper + " and " + confidence);
        }
    }
}
