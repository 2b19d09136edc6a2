package io.surprisal.training.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code ./surprisal export}: a run folder in, a bundle out. */
final class ExportCommand implements Callable<Integer> {
    private final Path run; private final Path data; private final Path output; private final PrintStream out;
    ExportCommand(Path run, Path data, Path output, PrintStream out) { this.run = run; this.data = data; this.output = output; this.out = out; }
    @Override
    public Integer call() throws IOException { out.println("weights in " + run + ", data " + data + ", bundle " + output); return 0; }
}
