package io.surprisal.service.model;

import java.math.BigInteger;
import java.util.Comparator;

/** Orders version names as people read them: runs of digits by their number, everything else by its letters; 10 is after 9. */
final class VersionOrder implements Comparator<String> {
    private static final String BETWEEN_DIGITS_AND_OTHERS = "(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)";

    @Override
    public int compare(String left, String right) {
        String[] lefts = left.split(BETWEEN_DIGITS_AND_OTHERS);
        String[] rights = right.split(BETWEEN_DIGITS_AND_OTHERS);
        for (int i = 0; i < Math.min(lefts.length, rights.length); i++) {
            int order = comparePiece(lefts[i], rights[i]);
            if (order != 0) {
                return order;
            }
        }
        return lefts.length != rights.length ? Integer.compare(lefts.length, rights.length) : left.compareTo(right);
    }

    private static int comparePiece(String left, String right) {
        boolean numbers = startsWithDigit(left) && startsWithDigit(right);
        return numbers ? new BigInteger(left).compareTo(new BigInteger(right)) : left.compareTo(right);
    }

    private static boolean startsWithDigit(String piece) {
        return !piece.isEmpty() && piece.charAt(0) >= '0' && piece.charAt(0) <= '9';
    }
}
