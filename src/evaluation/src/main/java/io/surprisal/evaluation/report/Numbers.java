package io.surprisal.evaluation.report;

import io.surprisal.evaluation.metric.Interval;
import io.surprisal.evaluation.report.EvaluationReport.Threshold;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as the tables print them; "–" for what could not be measured. */
final class Numbers {
    static final String NONE = "–";

    private Numbers() {}

    static String percent(@Nullable Double rate) {
        return rate == null ? NONE : String.format(Locale.ROOT, "%.1f %%", 100 * rate);
    }

    /** With the digits that a rate near 1 % needs. */
    static String finePercent(double rate) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * rate);
    }

    static String interval(Interval interval) {
        return String.format(Locale.ROOT, "%.2f–%.2f %%", 100 * interval.lower(), 100 * interval.upper());
    }

    /** Four digits, never rounded up to a perfect 1. */
    static String area(@Nullable Double area) {
        if (area == null) {
            return NONE;
        }
        return area < 1 && area > 0.9999 ? "> .9999" : String.format(Locale.ROOT, "%.4f", area);
    }

    /** The score that decides, and in a cascade which density's it is. */
    static String score(Threshold threshold) {
        String score = String.format(Locale.ROOT, "%.4g", threshold.score());
        return switch (threshold.stage()) {
            case null -> score;
            case CLEARED -> score + " by the screen, cleared";
            case UNSURE -> score + " by the model";
            case SUSPECT -> score + " by the screen, suspect";
        };
    }

    static String bits(double bits) {
        return String.format(Locale.ROOT, "%.3f", bits);
    }

    /** With a no-break space, so that a header is not broken before the sign. */
    static String rate(double requested) {
        return BigDecimal.valueOf(requested)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString() + "\u00a0%";
    }
}
