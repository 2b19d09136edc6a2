package io.surprisal.evaluation.metric;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * Which false-positive rates a calibrated test may show on new clean images, when nothing is wrong with it.
 *
 * <p>A threshold from n reference scores has itself a random rate: with k = ⌊α(n+1)⌋ and no ties it is Beta(k, n+1−k) distributed
 * (the k-th largest order statistic of n uniforms). On m new images the number of false positives is then beta-binomial. A
 * Clopper–Pearson interval knows only of the m images; this range knows of both samples.
 */
public final class ReachableRates {
    private static final double TAIL = 0.025;

    private ReachableRates() {}

    /**
     * The central 95 % of the rates on m images.
     *
     * @param falsePositiveRate α, asked for
     * @param references n, with ⌊α(n+1)⌋ at least 1
     * @param images m, at least 1
     */
    public static Interval of(double falsePositiveRate, int references, int images) {
        int k = (int) (falsePositiveRate * (references + 1.0));
        if (!(k >= 1 && k <= references) || images < 1) {
            throw new IllegalArgumentException("expected a rate that the references resolve, and images; found rate "
                    + falsePositiveRate + ", " + references + " references, " + images + " images");
        }
        double a = k;
        double b = references + 1.0 - k;
        double norm = LogBeta.value(a, b);
        double cumulative = 0;
        int lower = 0;
        int upper = images;
        for (int x = 0; x <= images; x++) {
            double before = cumulative;
            // ln C(m, x) = −ln(m + 1) − ln B(m − x + 1, x + 1)
            cumulative += Math.exp(LogBeta.value(x + a, images - x + b)
                    - norm
                    - Math.log(images + 1.0)
                    - LogBeta.value(images - x + 1.0, x + 1.0));
            if (before <= TAIL) {
                lower = x;
            }
            if (cumulative >= 1 - TAIL) {
                upper = x;
                break;
            }
        }
        return new Interval((double) lower / images, (double) upper / images);
    }
}
