package io.surprisal.evaluation.cli;

import io.surprisal.evaluation.protocol.Progress;
import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar for each part where there is a terminal, a line where there is none. */
final class ConsoleProgress implements Progress, AutoCloseable {
    private final PrintStream out;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private @Nullable ProgressBar bar;

    ConsoleProgress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void begin(String name, long steps) {
        close();
        if (terminal) {
            bar = new ProgressBarBuilder()
                    .setTaskName(name)
                    .setInitialMax(steps)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(250)
                    .build();
        } else {
            out.printf(Locale.ROOT, "%5.0f s  %s%n", (System.nanoTime() - start) * 1e-9, name);
        }
    }

    @Override
    public void advance(long steps) {
        if (bar != null) {
            bar.stepBy(steps);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
