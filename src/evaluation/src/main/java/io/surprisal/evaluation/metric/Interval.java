package io.surprisal.evaluation.metric;

/**
 * A range of rates.
 *
 * @param lower 0..upper
 * @param upper lower..1
 */
public record Interval(double lower, double upper) {

    public Interval {
        if (!(lower >= 0 && lower <= upper && upper <= 1)) {
            throw new IllegalArgumentException("expected 0 <= lower <= upper <= 1, found " + lower + " and " + upper);
        }
    }

    public boolean contains(double rate) {
        return rate >= lower && rate <= upper;
    }
}
