package io.surprisal.detector.calibration;

/** How a score becomes a place on the scale that reference scores are on, and back. Larger stays more suspicious. */
public interface Scale {

    /** A score is its own place: the scale of a single model. */
    Scale IDENTITY = new Scale() {
        @Override
        public double place(double score) {
            return score;
        }

        @Override
        public double score(double place) {
            return place;
        }
    };

    /** The place of a score; NaN for NaN. */
    double place(double score);

    /** The score at a place: −∞ below all scores, +∞ above all of them. */
    double score(double place);
}
