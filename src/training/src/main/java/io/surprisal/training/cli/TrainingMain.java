package io.surprisal.training.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the commands that need libtorch; {@code ./surprisal} starts it. */
@Command(
        name = "surprisal",
        mixinStandardHelpOptions = true,
        subcommands = {
            TrainCommand.class,
            ExportCommand.class,
            CalibrateCommand.class,
            CascadeCommand.class,
            SampleCommand.class,
            CompleteCommand.class,
            CompressCommand.class,
            DecompressCommand.class,
            PurifyCommand.class,
            SpeedCommand.class
        })
public final class TrainingMain {
    private TrainingMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new TrainingMain()).setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println(command.getColorScheme().errorText(describe(e)));
            return 2;
        });
        return line;
    }

    private static String describe(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
