package io.surprisal.service.model;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.calibration.Calibration;
import io.surprisal.detector.calibration.Cascade;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.batch.Evaluation;
import io.surprisal.service.metrics.ModelMeters;
import io.surprisal.service.recent.DecisionLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model that answers requests: a detector whose golden images gave their values, and what goes with it for as long as it is served.
 *
 * <p>It is counted who holds it: the catalogue while it is served, and each request while it is answered. It closes when the last lets it
 * go, so that a request is answered by the model it began with, whatever is served meanwhile. Thread-safe.
 */
public final class ServedModel {
    private final Path folder;
    private final Detector detector;
    private final Decision defaultDecision;
    private final ImageReader reader;
    private final Evaluation evaluation;
    private final Evaluation evaluationByModel;
    private final ModelMeters meters;
    private final Optional<DriftWatch> drift;
    private final DecisionLog log;
    private final Runnable whenClosed;
    private final AtomicInteger holders = new AtomicInteger(1);

    ServedModel(
            Path folder,
            Detector detector,
            Decision defaultDecision,
            ImageReader reader,
            ModelMeters meters,
            Optional<DriftWatch> drift,
            DecisionLog log,
            Runnable whenClosed) {
        detector.require(defaultDecision);
        this.folder = folder;
        this.detector = detector;
        this.defaultDecision = defaultDecision;
        this.reader = reader;
        this.evaluation = detector::evaluate;
        this.evaluationByModel = detector::evaluateByModel;
        this.meters = meters;
        this.drift = drift;
        this.log = log;
        this.whenClosed = whenClosed;
    }

    /** Name, version, shape and all else the bundle says of itself. */
    public BundleManifest manifest() {
        return detector.manifest();
    }

    /** Where it was loaded from; what lies there may have changed since. */
    public Path folder() {
        return folder;
    }

    /** What clean images score by the model, whether or not a screen decides with it. */
    public Calibration calibration() {
        return detector.calibration();
    }

    /** How a screen decides with it, where it has one. */
    public Optional<Cascade> cascade() {
        return detector.cascade();
    }

    /** The score above which the model flags what it is asked about; infinite where it flags all of that, or none. */
    public double threshold(String statistic, double falsePositiveRate) {
        return detector.threshold(new Decision(statistic, falsePositiveRate));
    }

    /** Names of the statistics it is calibrated for. */
    public List<String> statistics() {
        return detector.calibration().names();
    }

    /** Decides for requests that state no statistic and no rate. */
    public Decision defaultDecision() {
        return defaultDecision;
    }

    /** Throws, with the caller to blame, when the calibration cannot support the decision. */
    public void require(Decision decision) {
        detector.require(decision);
    }

    /** Decodes and quantises. */
    public ImageReader reader() {
        return reader;
    }

    /** The object by which batches know which images may be joined: the same one at each call. */
    public Evaluation evaluation() {
        return evaluation;
    }

    /** As {@link #evaluation}, by the model itself whatever a screen would say: for likelihoods that are compared with each other. */
    public Evaluation evaluationByModel() {
        return evaluationByModel;
    }

    /** Judges each image and counts the verdicts. */
    public List<Verdict> judge(Conditionals conditionals, Decision decision) {
        List<Verdict> verdicts = detector.judge(conditionals, decision);
        meters.judged(verdicts);
        drift.ifPresent(watch -> watch.judged(verdicts));
        log.judged(detector.manifest(), conditionals.images(), verdicts);
        return verdicts;
    }

    /** Judges each image for someone who wants to know what the verdict would be: it counts neither as a verdict nor for drift, and is not logged. */
    public List<Verdict> explain(Conditionals conditionals, Decision decision) {
        return detector.judge(conditionals, decision);
    }

    /** Whether images are still those of the calibration, in words. */
    public String drift() {
        return drift.map(DriftWatch::describe).orElse("not watched");
    }

    /** Holds it, unless it has been let go by all; each hold needs one {@link #release}. */
    boolean hold() {
        int before = holders.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        return before > 0;
    }

    /** Lets it go. The last one to do so closes it, on another thread: an event loop may call this, and closing waits for a running batch. */
    public void release() {
        if (holders.decrementAndGet() == 0) {
            Thread.ofVirtual().name("surprisal-close").start(this::close);
        }
    }

    /** Closes it whoever holds it, for the end of the service. */
    void close() {
        detector.close();
        drift.ifPresent(DriftWatch::close);
        whenClosed.run();
    }
}
