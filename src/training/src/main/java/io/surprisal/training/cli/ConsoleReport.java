package io.surprisal.training.cli;

import io.surprisal.training.fit.LearningCurve;
import io.surprisal.training.fit.ProgressReport;
import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar where there is a terminal, a line every half minute where there is none. */
final class ConsoleReport implements ProgressReport, AutoCloseable {
    private static final long SCALE = 10_000;
    private static final long QUIET_NANOS = 30_000_000_000L;

    private final PrintStream out;
    private final double natsPerImage; // of one bit a dimension
    private final @Nullable ProgressBar bar;
    private long lastLine = System.nanoTime() - QUIET_NANOS;

    ConsoleReport(PrintStream out, boolean terminal, int dimensions) {
        this.out = out;
        this.natsPerImage = dimensions * Math.log(2);
        this.bar = terminal
                ? new ProgressBarBuilder()
                        .setTaskName("training")
                        .setInitialMax(SCALE)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(500)
                        .hideEta()
                        .build()
                : null;
    }

    @Override
    public void step(double progress, double imagesPerSecond, double bitsPerDimension, double secondsLeft) {
        String text = String.format(
                Locale.ROOT,
                "%.0f images/s, %.3f bits/dim, %s left",
                imagesPerSecond,
                bitsPerDimension,
                duration(secondsLeft));
        if (bar != null) {
            bar.stepTo(Math.round(progress * SCALE)).setExtraMessage(text);
        } else if (System.nanoTime() - lastLine >= QUIET_NANOS) {
            lastLine = System.nanoTime();
            out.printf(Locale.ROOT, "%5.1f %%  %s%n", 100 * progress, text);
        }
    }

    @Override
    public void point(LearningCurve.Point point, boolean best) {
        out.printf(
                Locale.ROOT,
                "%sstep %d, epoch %.2f, %s: training %.4f, validation %.4f bits/dim (%.2f nats an image)%s%n",
                bar == null ? "" : System.lineSeparator(),
                point.step(),
                point.epoch(),
                duration(point.seconds()),
                point.training(),
                point.validation(),
                point.validation() * natsPerImage,
                best ? " (best)" : "");
    }

    static String duration(double seconds) {
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d h", s / 3600, s / 60 % 60);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
