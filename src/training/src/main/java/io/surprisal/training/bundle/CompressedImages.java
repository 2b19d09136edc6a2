package io.surprisal.training.bundle;

import io.surprisal.detector.quantise.Levels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * A file of compressed images: which weights it was made with, how many images, their checksum, the code.
 *
 * @param weightsSha256 of the weights file, lower-case hexadecimal
 * @param count images
 * @param checksum CRC-32C of their levels
 * @param code of the arithmetic coder
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record CompressedImages(String weightsSha256, int count, int checksum, byte[] code) {
    private static final int MAGIC = 0x53_50_52_31; // SPR1
    private static final int HASH_BYTES = 32;

    /** All bytes around the code. */
    public static final int HEADER_BYTES = 4 + HASH_BYTES + 4 + 4;

    /** The checksum of a batch. */
    public static int checksum(Levels images) {
        CRC32C crc = new CRC32C();
        crc.update(images.data());
        return (int) crc.getValue();
    }

    /** The file's bytes. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.write(HexFormat.of().parseHex(weightsSha256));
            out.writeInt(count);
            out.writeInt(checksum);
            out.write(code);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /** @throws IOException when these are not the bytes of such a file */
    public static CompressedImages of(byte[] file) throws IOException {
        if (file.length < HEADER_BYTES) {
            throw new IOException("expected at least %d bytes, found %d".formatted(HEADER_BYTES, file.length));
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
            int magic = in.readInt();
            if (magic != MAGIC) {
                throw new IOException(
                        "expected a file of compressed images, which begins with SPR1, found %08x".formatted(magic));
            }
            String hash = HexFormat.of().formatHex(in.readNBytes(HASH_BYTES));
            int count = in.readInt();
            if (count < 1) {
                throw new IOException("expected at least 1 image, found " + count);
            }
            return new CompressedImages(hash, count, in.readInt(), Arrays.copyOfRange(file, HEADER_BYTES, file.length));
        }
    }
}
