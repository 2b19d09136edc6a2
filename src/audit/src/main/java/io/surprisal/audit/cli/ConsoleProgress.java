package io.surprisal.audit.cli;

import io.surprisal.audit.Audit;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar where there is a terminal, a line now and then where there is none. */
final class ConsoleProgress implements Audit.Progress, AutoCloseable {
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private @Nullable ProgressBar bar;
    private long left;
    private long judged;
    private long begunNanos;
    private long saidNanos;
    private double seconds;

    ConsoleProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void begun(long images, long judgedBefore) {
        left = images - judgedBefore;
        begunNanos = System.nanoTime();
        saidNanos = begunNanos;
        out.printf(
                Locale.ROOT,
                "%,d images%s%n",
                images,
                judgedBefore == 0 ? "" : ", %,d judged by earlier runs".formatted(judgedBefore));
        out.flush();
        if (terminal) {
            bar = new ProgressBarBuilder()
                    .setTaskName("judging")
                    .setInitialMax(left)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(250)
                    .showSpeed()
                    .build();
        }
    }

    @Override
    public synchronized void judged(long images) {
        judged = images;
        if (bar != null) {
            bar.stepTo(images);
        } else if (System.nanoTime() - saidNanos >= QUIET_NANOS) {
            saidNanos = System.nanoTime();
            out.printf(
                    Locale.ROOT,
                    "%,d of %,d, %.0f images/s%n",
                    images,
                    left,
                    images / ((saidNanos - begunNanos) * 1e-9));
            out.flush();
        }
    }

    /** How fast it went; nothing when there was nothing to do. */
    synchronized Optional<String> summary() {
        return judged == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT, "%,d images judged in %.1f s, %.0f a second", judged, seconds, imagesPerSecond()));
    }

    /** Of this run, the start of Spark left out and the writing of the table included. */
    synchronized double imagesPerSecond() {
        return judged / seconds;
    }

    @Override
    public synchronized void close() {
        seconds = (System.nanoTime() - begunNanos) * 1e-9;
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
