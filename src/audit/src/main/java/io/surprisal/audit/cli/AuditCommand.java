package io.surprisal.audit.cli;

import io.surprisal.audit.Audit;
import io.surprisal.audit.AuditException;
import io.surprisal.audit.AuditSettings;
import io.surprisal.audit.Tally;
import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.cli.ModelOptions;
import io.surprisal.detector.verdict.Decision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code surprisal score --input FOLDER --output TABLE}: a Parquet row for each image of a folder. On this machine, or where
 * {@code spark-submit} says.
 */
@Command(
        name = "score",
        sortOptions = false,
        description = {
            "Scores every PNG and JPEG file below a folder into Parquet files, one row an image.",
            "A run that was interrupted is taken up where it stopped; a file that cannot be judged is a row with its error."
        },
        exitCodeOnExecutionException = AuditCommand.ERROR,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every image of the table was accepted",
            "1:at least one was flagged",
            "2:an error, of a file or altogether"
        })
public final class AuditCommand implements Callable<Integer> {
    static final int ERROR = 2;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FOLDER",
            description = "Searched with its subfolders; any file system that Hadoop knows (hdfs://, s3a:// …).")
    private String input = "";

    @Option(names = "--output", required = true, paramLabel = "FOLDER", description = "Where the table is, or will be.")
    private String output = "";

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "4",
            description = "Images in one run of the model (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--commit-every",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Images after which what was judged is kept for good (default: ${DEFAULT-VALUE}).")
    private int imagesPerCommit;

    @Option(
            names = "--check",
            description =
                    "Afterwards judge every image again by a loop without Spark, compare each number, and print both speeds.")
    private boolean check;

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
        int status = run(arguments);
        if (status != 0) { // a cluster takes an exit that is asked for as a failure, whatever its status
            System.exit(status);
        }
    }

    static int run(String... arguments) {
        return new CommandLine(new AuditCommand())
                .setCommandName("surprisal score")
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("surprisal score: " + failure);
                    return ERROR;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            Path bundle = model.folder();
            AuditSettings settings = settings(bundle, decision(bundle));
            try (SparkSession spark = LocalSpark.orSubmitted()) {
                return audit(spark, settings);
            }
        } catch (BundleException e) {
            spec.commandLine().getErr().println("model " + model.model() + " cannot be used. " + e.getMessage());
            return ERROR;
        } catch (AuditException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ERROR;
        }
    }

    private int audit(SparkSession spark, AuditSettings settings) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Tally tally;
        ConsoleProgress progress = new ConsoleProgress(out);
        try (progress) {
            tally = new Audit(spark, settings).run(progress);
        }
        progress.summary().ifPresent(out::println);
        out.printf(
                Locale.ROOT,
                "%s: %,d images, %,d flagged (%.2f %%), %,d could not be judged%n",
                output,
                tally.images(),
                tally.flagged(),
                100.0 * tally.flagged() / Math.max(1, tally.images() - tally.errors()),
                tally.errors());
        out.flush();
        boolean same = !check || new PlainLoopCheck(spark, settings, progress).run(out);
        out.flush();
        return tally.errors() > 0 || !same ? ERROR : tally.flagged() > 0 ? 1 : 0;
    }

    private AuditSettings settings(Path bundle, Decision decision) {
        try {
            return new AuditSettings(input, output, bundle, decision, batch, imagesPerCommit);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Found out before a cluster is troubled. */
    private Decision decision(Path bundle) {
        try (Detector detector = Detector.load(bundle)) {
            detector.replayGolden();
            return model.decision(detector);
        }
    }
}
