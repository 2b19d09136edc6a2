package io.surprisal.detector.calibration;

import io.surprisal.detector.quantise.Levels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where the clean images of a calibration came from: a split disjoint from training and test.
 *
 * @param name of the split, for people: {@code fashion-mnist train[55000:60000]}
 * @param images how many, at least 2
 * @param sha256 of the images' levels, NCHW, in order, or what else tells these images from others where nobody has them together any
 *     more; 64 lower-case hexadecimal digits
 */
public record CalibrationSource(String name, int images, String sha256) {

    public CalibrationSource {
        if (name.isBlank()) {
            throw new IllegalArgumentException("expected a name of the calibration split, found none");
        }
        if (images < 2) {
            throw new IllegalArgumentException("expected at least 2 clean images, found " + images);
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("expected a SHA-256 in lower-case hexadecimal, found " + sha256);
        }
    }

    /** Counts and hashes the images. */
    public static CalibrationSource of(String name, Levels clean) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(clean.data());
            return new CalibrationSource(name, clean.count(), HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("expected a Java with SHA-256, found one without", e);
        }
    }
}
