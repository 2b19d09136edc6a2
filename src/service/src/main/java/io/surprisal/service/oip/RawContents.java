package io.surprisal.service.oip;

import io.surprisal.service.score.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Elements without anything between them; a string of bytes has its length before it, four bytes, little-endian. This is what both the
 * binary tensor extension and gRPC's raw contents are.
 */
public record RawContents(byte[] data) implements Contents {
    @Override
    public byte[] unsignedBytes() {
        return data;
    }

    @Override
    public float[] floats() {
        if (data.length % Float.BYTES != 0) {
            throw new InvalidRequestException(
                    "expected elements of datatype FP32, 4 bytes each, got %d bytes".formatted(data.length));
        }
        float[] floats = new float[data.length / Float.BYTES];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    @Override
    public List<byte[]> byteStrings() {
        ByteBuffer rest = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> strings = new ArrayList<>();
        while (rest.hasRemaining()) {
            int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                throw new InvalidRequestException(
                        "expected elements of datatype BYTES, each with its length before it in 4 bytes, element %d of %d bytes does not fit"
                                .formatted(strings.size() + 1, data.length));
            }
            byte[] string = new byte[length];
            rest.get(string);
            strings.add(string);
        }
        return strings;
    }
}
