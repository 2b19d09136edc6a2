package io.surprisal.service.model;

import io.surprisal.detector.drift.DriftAlarm;
import java.time.Instant;

/**
 * The event that images are no longer those of a model's calibration; whoever in the service wants to act on it observes it.
 *
 * @param statistic whose p-values said so
 * @param at when
 */
public record DriftNoticed(String model, String version, String statistic, DriftAlarm alarm, Instant at) {
    /** In words. */
    public String describe() {
        String how = switch (alarm.kind()) {
            case MORE_SUSPICIOUS -> "images are more suspicious throughout than those of the calibration";
            case LESS_SUSPICIOUS -> "images are more ordinary than those of the calibration";
            case MORE_EXTREMES -> "more images than a calibration allows are of another kind";
        };
        return "%s, by %s, %,d images after watching began or the alarm before (%s)"
                .formatted(how, statistic, alarm.images(), at);
    }
}
