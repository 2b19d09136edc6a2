package io.surprisal.detector.cli;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.verdict.Decision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code surprisal score FILE…}: one row a file, with verdict, bits per dimension and p-value. A file that cannot be
 * read is an error on its own row; the others are scored all the same.
 */
@Command(
        name = "score",
        description = "Scores image files (PNG or JPEG, of the size the model is for).",
        exitCodeOnExecutionException = ScoreCommand.ERROR,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every image was accepted",
            "1:at least one was flagged",
            "2:an error, of a file or altogether"
        },
        footer = "%nFolders of images into Parquet files: score --input FOLDER --output TABLE (score --input= --help).")
public final class ScoreCommand implements Callable<Integer> {

    static final int ERROR = 2;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Image files.")
    private List<Path> files = List.of();

    @Mixin
    private ModelOptions options = new ModelOptions();

    @Option(names = "--json", description = "Print JSON and not a table.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs the command as a program. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ScoreCommand())
                .setCommandName("surprisal score")
                .execute(arguments));
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Detector detector = Detector.load(options.folder())) {
            detector.replayGolden();
            Decision decision = options.decision(detector);
            List<FileScore> scores = files.stream()
                    .map(file -> FileScore.of(file, detector, decision))
                    .toList();
            if (json) {
                ScoreJson.print(detector.manifest(), scores, out);
            } else {
                ScoreTable.print(scores, out);
            }
            out.flush();
            return scores.stream().mapToInt(FileScore::exitStatus).max().orElse(0);
        } catch (BundleException e) {
            spec.commandLine().getErr().println("model " + options.model() + " cannot be used. " + e.getMessage());
            return ERROR;
        }
    }
}
