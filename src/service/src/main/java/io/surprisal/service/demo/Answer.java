package io.surprisal.service.demo;

/**
 * What one transport answered for one image.
 *
 * @param verdict {@code accepted}, {@code flagged} or {@code error}
 * @param bitsPerDimension NaN for an error
 * @param pValue NaN for an error
 * @param reason in words; the message of an error
 */
record Answer(String verdict, double bitsPerDimension, double pValue, String reason) {
    private static final String ERROR = "error";

    /** The images of a batch do not influence each other, but the order of additions may. */
    private static final double TOLERANCE_BITS = 1e-4;

    static Answer of(boolean flagged, double bitsPerDimension, double pValue, String reason) {
        return new Answer(flagged ? "flagged" : "accepted", bitsPerDimension, pValue, reason);
    }

    static Answer error(String message) {
        return new Answer(ERROR, Double.NaN, Double.NaN, message);
    }

    boolean isError() {
        return verdict.equals(ERROR);
    }

    boolean agreesWith(Answer other) {
        return verdict.equals(other.verdict)
                && (Double.compare(bitsPerDimension, other.bitsPerDimension) == 0
                        || Math.abs(bitsPerDimension - other.bitsPerDimension) <= TOLERANCE_BITS);
    }
}
