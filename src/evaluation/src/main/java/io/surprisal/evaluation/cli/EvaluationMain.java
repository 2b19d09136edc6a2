package io.surprisal.evaluation.cli;

import picocli.CommandLine;

/** What {@code ./surprisal evaluate} starts. */
public final class EvaluationMain {
    private EvaluationMain() {}

    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true"); // pictures are drawn where no display is
        System.exit(run(args));
    }

    /** The exit status: 0, or 2 after an error, of which one line is printed. */
    static int run(String... args) {
        CommandLine line = new CommandLine(new EvaluateCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            String message = e.getMessage();
            command.getErr().println(command.getColorScheme().errorText(message == null ? e.toString() : message));
            return 2;
        });
        return line.execute(args);
    }
}
