package io.surprisal.detector.calibration;

/**
 * The share of held-out clean images at least as extreme as this one, the image itself counted among them: (1 + k) / (n
 * + 1).
 *
 * <p>Not the probability that the image is clean. If the image is exchangeable with the n clean ones, P(value ≤ α) ≤ α
 * for every α (Vovk et al., "Algorithmic Learning in a Random World", 2005, proposition 2.4; Phipson and Smyth 2010 for
 * the +1).
 *
 * @param value in (0, 1]
 * @param atLeastAsExtreme k, 0..n; where not every score was kept, no fewer than there are
 * @param sampleSize n, at least 1
 */
public record PValue(double value, int atLeastAsExtreme, int sampleSize) {

    public PValue {
        if (sampleSize < 1 || atLeastAsExtreme < 0 || atLeastAsExtreme > sampleSize) {
            throw new IllegalArgumentException(
                    "expected 0 <= k <= n and n >= 1, found k = " + atLeastAsExtreme + ", n = " + sampleSize);
        }
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException("expected a p-value above 0 and at most 1, found " + value);
        }
    }

    static PValue of(int atLeastAsExtreme, int sampleSize) {
        return new PValue((1.0 + atLeastAsExtreme) / (sampleSize + 1.0), atLeastAsExtreme, sampleSize);
    }
}
