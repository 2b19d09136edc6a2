package io.surprisal.service.model;

import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Drift in the log. */
@Singleton
final class DriftLog {
    private static final Logger LOG = Logger.getLogger(DriftLog.class);

    void noticed(@ObservesAsync DriftNoticed drift) {
        LOG.warnf(
                "%s/%s: %s. Thresholds hold for images like those of the calibration: look at what comes, and calibrate anew if it is what should come",
                drift.model(), drift.version(), drift.describe());
    }
}
