package io.surprisal.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.BundleException;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.TrustedKeys;
import io.surprisal.detector.cli.ModelFolder;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.verdict.Decision;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** The model that judges, for as long as the process lives: checked, and its golden images replayed, before the first image is read. */
@Singleton
class LoadedModel {
    private static final Logger LOG = Logger.getLogger(LoadedModel.class);
    private static final String KEYS = "surprisal.repository.trusted-keys";

    private final Detector detector;
    private final ImageJudge judge;
    private final StreamMeters meters;

    /**
     * @throws BundleException when there is no such bundle, or it breaks its contract
     * @throws IllegalArgumentException when the bundle cannot make the decision that is set
     */
    LoadedModel(StreamConfig config, MeterRegistry registry) {
        this.detector = Detector.load(ModelFolder.find(config.model()), SessionSettings.defaults(), keys(config));
        try {
            detector.replayGolden();
            Decision fallback = detector.defaultDecision();
            Decision decision = new Decision(
                    config.decision().statistic().orElse(fallback.statistic()),
                    config.decision().falsePositiveRate().orElse(fallback.falsePositiveRate()));
            detector.require(decision);
            this.meters = new StreamMeters(registry, manifest());
            this.judge = new ImageJudge(detector, decision, meters);
            LOG.infof(
                    "%s/%s judges images of %s by %s at a false-positive rate of %s",
                    manifest().name(),
                    manifest().version(),
                    manifest().shape(),
                    decision.statistic(),
                    decision.falsePositiveRate());
        } catch (RuntimeException e) {
            detector.close();
            throw e;
        }
    }

    /** A variable that is there and empty would let every bundle be believed. */
    private static TrustedKeys keys(StreamConfig config) {
        String raw = ConfigProvider.getConfig().getConfigValue(KEYS).getRawValue();
        if (raw != null && raw.isBlank()) {
            throw new IllegalArgumentException(
                    "expected " + KEYS + " to have a value or not to be set, found it empty");
        }
        return config.repository().trustedKeys().map(TrustedKeys::of).orElseGet(TrustedKeys::none);
    }

    BundleManifest manifest() {
        return detector.manifest();
    }

    ImageJudge judge() {
        return judge;
    }

    StreamMeters meters() {
        return meters;
    }

    @PreDestroy
    void close() {
        detector.close();
    }
}
