package io.surprisal.detector.calibration;

import java.util.List;

/** A statistic was asked for that the bundle has no calibration for: the caller's fault (a 4xx). */
public final class UnknownStatisticException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownStatisticException(String found, List<String> known) {
        super("expected one of the calibrated statistics " + String.join(", ", known) + ", found " + found);
    }
}
