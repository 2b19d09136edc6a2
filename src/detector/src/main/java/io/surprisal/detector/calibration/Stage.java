package io.surprisal.detector.calibration;

import java.util.Locale;

/**
 * Where in a cascade an image ends. Each stage takes up one unit of a common {@link Scale}, in the order of suspicion, and the scores of
 * its own density keep their order inside.
 */
public enum Stage implements Scale {
    /** The screen has seen nothing: the model is not asked. */
    CLEARED,
    /** The screen is not sure, and the model decides. */
    UNSURE,
    /** The screen has seen enough: the model is not asked. */
    SUSPECT;

    /** Its name in answers: {@code cleared}, {@code unsure} or {@code suspect}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is the screen that decides here. */
    public boolean byScreen() {
        return this != UNSURE;
    }

    /** @throws IllegalArgumentException when the place is not on the common scale, 0 to 3, or NaN */
    public static Stage at(double place) {
        if (!(place >= 0 && place <= values().length)) {
            throw new IllegalArgumentException(
                    "expected a place from 0 to " + values().length + " in a cascade, found " + place);
        }
        return values()[Math.min((int) place, values().length - 1)];
    }

    @Override
    public double place(double score) {
        return ordinal() + 0.5 + Math.atan(score) / Math.PI;
    }

    @Override
    public double score(double place) {
        double within = place - ordinal();
        if (within <= 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return within >= 1 ? Double.POSITIVE_INFINITY : Math.tan(Math.PI * (within - 0.5));
    }
}
