package io.surprisal.audit.cli;

import io.surprisal.audit.AuditException;
import io.surprisal.audit.TableCalibration;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.bundle.BundleWriter;
import io.surprisal.detector.cli.ModelFolder;
import io.surprisal.detector.cli.RatesInWords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code surprisal calibrate --from TABLE}: a bundle and the tables of its audits in, the same bundle with thresholds from those images out. On
 * this machine, or where {@code spark-submit} says.
 */
@Command(
        name = "calibrate",
        sortOptions = false,
        description = {
            "Replaces a bundle's calibration by what ./surprisal score --output wrote of any number of clean images.",
            "Statistics keep their parameters, so the images must be others than those the bundle was fitted on."
        },
        exitCodeOnExecutionException = AuditCommand.ERROR)
public final class CalibrateFromTablesCommand implements Callable<Integer> {

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TABLE",
            description = "A folder of verdicts by this bundle; more than one, if the option is given again.")
    private List<String> tables = List.of();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = "Folder of the bundle that judged, or the name of a model below models/.")
    private String model = "";

    @Option(
            names = "--accepted",
            description = {
                "Images that were flagged may be attacks, and only accepted ones are taken for clean:",
                "flagged ones count as more extreme than all of them, so that no rate below their share can be asked for."
            })
    private boolean acceptedOnly;

    @Option(names = "--output", paramLabel = "FOLDER", description = "Of the new bundle (default: in place).")
    private @Nullable Path output;

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
        return new CommandLine(new CalibrateFromTablesCommand())
                .setCommandName("surprisal calibrate")
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("surprisal calibrate: " + failure);
                    return AuditCommand.ERROR;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        try {
            Path bundle = ModelFolder.find(model);
            TableCalibration.Result result;
            try (SparkSession spark = LocalSpark.orSubmitted()) {
                result = new TableCalibration(spark, bundle).of(tables, acceptedOnly);
            }
            write(result, output == null ? bundle : output);
            return 0;
        } catch (BundleException e) {
            spec.commandLine().getErr().println("model " + model + " cannot be used. " + e.getMessage());
            return AuditCommand.ERROR;
        } catch (AuditException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return AuditCommand.ERROR;
        }
    }

    private void write(TableCalibration.Result result, Path target) {
        BundleWriter.write(
                target,
                result.bundle().manifest(),
                result.bundle().model(),
                result.calibration(),
                result.bundle().golden());
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s: calibrated on %,d images, %,d of them flagged%s; %,d rows without a verdict passed over%n",
                target,
                result.images(),
                result.flagged(),
                acceptedOnly ? " and counted as more extreme than all others" : " and taken for clean too",
                result.errors());
        RatesInWords.of(result.calibration()).forEach(out::println);
        out.flush();
    }
}
