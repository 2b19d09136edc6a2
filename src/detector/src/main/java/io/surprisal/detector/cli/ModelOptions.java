package io.surprisal.detector.cli;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.calibration.TooFewCleanImagesException;
import io.surprisal.detector.calibration.UnknownStatisticException;
import io.surprisal.detector.verdict.Decision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options by which every command that gives verdicts is told by which model, which statistic and which rate. */
public final class ModelOptions {

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "Folder of a bundle, or the name of a model below models/ (default: ${DEFAULT-VALUE}).")
    private String model = "fashion-mnist";

    @Option(
            names = "--statistic",
            paramLabel = "NAME",
            description = "The statistic that decides (default: the model's).")
    private @Nullable String statistic;

    @Option(
            names = "--fpr",
            paramLabel = "RATE",
            description = "The share of clean images that may be flagged (default: the model's).")
    private @Nullable Double falsePositiveRate;

    @Spec(Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** What the user called the model. */
    public String model() {
        return model;
    }

    /**
     * The folder of the bundle.
     *
     * @throws BundleException when there is none
     */
    public Path folder() {
        return ModelFolder.find(model);
    }

    /**
     * How the model's verdicts are to be made.
     *
     * @throws ParameterException when the bundle has no such statistic, or too few clean images for the rate
     */
    public Decision decision(Detector detector) {
        try {
            Decision decision = detector.defaultDecision();
            if (statistic != null) {
                decision = decision.withStatistic(statistic);
            }
            if (falsePositiveRate != null) {
                decision = decision.withFalsePositiveRate(falsePositiveRate);
            }
            detector.require(decision);
            return decision;
        } catch (UnknownStatisticException | TooFewCleanImagesException | IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}
