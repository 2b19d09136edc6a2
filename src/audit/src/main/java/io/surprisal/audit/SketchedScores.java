package io.surprisal.audit;

import io.surprisal.detector.calibration.ReferenceScores;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the images of any number of rows score: a {@link TailSketch} for each statistic, and which images they were. Those of parts are merged
 * in any order. Not safe for use by many threads.
 */
final class SketchedScores {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    private final List<TailSketch> sketches;
    private final int[] above;
    private long images;
    private BigInteger fingerprint = BigInteger.ZERO;
    private final MessageDigest sha256;

    SketchedScores(int statistics) {
        sketches = Stream.generate(TailSketch::new).limit(statistics).toList();
        above = new int[statistics];
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("expected a Java with SHA-256, found one without", e);
        }
    }

    /** Adds an image. One whose score by a statistic is no finite number counts as more extreme by it than all that have one. */
    void add(double[] scores) {
        for (int i = 0; i < scores.length; i++) {
            if (WeightedSample.holds(scores[i])) {
                sketches.get(i).add(scores[i]);
            } else {
                above[i]++;
            }
        }
        count(scores);
    }

    /** Adds an image that counts as more extreme than all others by every statistic, whatever it scores. */
    void addAbove(double[] scores) {
        for (int i = 0; i < above.length; i++) {
            above[i]++;
        }
        count(scores);
    }

    private void count(double[] scores) {
        images++;
        ByteBuffer bytes = ByteBuffer.allocate(scores.length * Double.BYTES);
        bytes.asDoubleBuffer().put(scores);
        fingerprint =
                fingerprint.add(new BigInteger(1, sha256.digest(bytes.array()))).mod(MODULUS);
    }

    /** Adds what {@link #toBytes} gave. */
    void merge(byte[] part) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(part))) {
            images += in.readLong();
            fingerprint = fingerprint
                    .add(new BigInteger(1, in.readNBytes(in.readInt())))
                    .mod(MODULUS);
            for (int i = 0; i < above.length; i++) {
                above[i] += in.readInt();
                sketches.get(i).merge(WeightedSample.read(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("expected the bytes of scores, found others", e);
        }
    }

    /**
     * All of it, for another process; nothing is left here.
     *
     * @param keptOneByOne scores of a statistic that are still sent one by one
     */
    byte[] toBytes(int keptOneByOne) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(images);
            byte[] sum = fingerprint.toByteArray();
            out.writeInt(sum.length);
            out.write(sum);
            for (int i = 0; i < above.length; i++) {
                out.writeInt(above[i]);
                sketches.get(i).sample(keptOneByOne).write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    long images() {
        return images;
    }

    /** The sum of the SHA-256 of each image's scores, modulo 2^256: the same in whatever parts the images come. */
    String fingerprint() {
        byte[] sum = fingerprint.add(MODULUS).toByteArray(); // so that there are 32 bytes behind the first
        return HexFormat.of().formatHex(sum, sum.length - 32, sum.length);
    }

    /** Reference scores, a statistic each; nothing is left here. */
    List<ReferenceScores> references() {
        List<ReferenceScores> references = new ArrayList<>(above.length);
        for (int i = 0; i < above.length; i++) {
            references.add(sketches.get(i).sample(TailSketch.FEW).references(above[i]));
        }
        return references;
    }
}
