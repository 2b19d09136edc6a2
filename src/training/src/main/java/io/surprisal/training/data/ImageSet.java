package io.surprisal.training.data;

import io.surprisal.detector.quantise.Levels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Images of one size, with labels where the source has them.
 *
 * @param name for people, for example {@code fashion-mnist/train}
 * @param images levels, shape (N, C, H, W)
 * @param labels class of each image, or {@code null}
 */
@SuppressWarnings("ArrayRecordComponent") // a data set is handed on, never compared
public record ImageSet(String name, Levels images, int @Nullable [] labels) {

    // Not the compact form: there, javac 25 puts the nullness of an array parameter where other modules cannot see it.
    public ImageSet(String name, Levels images, int @Nullable [] labels) {
        if (labels != null && labels.length != images.count()) {
            throw new IllegalArgumentException(
                    name + ": expected a label for each of " + images.count() + " images, found " + labels.length);
        }
        this.name = name;
        this.images = images;
        this.labels = labels;
    }

    public static ImageSet unlabelled(String name, Levels images) {
        return new ImageSet(name, images, null);
    }

    public int size() {
        return images.count();
    }

    /** The images from {@code from} (inclusive) to {@code to} (exclusive), under a new name. */
    public ImageSet slice(String part, int from, int to) {
        return new ImageSet(part, images.slice(from, to), labels == null ? null : Arrays.copyOfRange(labels, from, to));
    }

    /** The images at the given places, in that order. */
    public ImageSet pick(String part, int[] places) {
        int size = images.shape().dimensions();
        byte[] data = new byte[places.length * size];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(images.data(), places[i] * size, data, i * size, size);
        }
        Levels picked = Levels.of(images.shape(), images.levels(), places.length, data);
        int[] known = labels;
        return new ImageSet(
                part,
                picked,
                known == null ? null : Arrays.stream(places).map(i -> known[i]).toArray());
    }

    /** SHA-256 of the levels, image by image, as lower-case hexadecimal. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(images.data()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
