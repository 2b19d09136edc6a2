package io.surprisal.service.oip.grpc;

import com.google.protobuf.ByteString;
import io.surprisal.service.oip.Contents;
import io.surprisal.service.oip.grpc.v2.InferTensorContents;
import io.surprisal.service.score.InvalidRequestException;
import java.util.List;

/** Elements in the field of their type. */
record TypedContents(InferTensorContents message) implements Contents {
    @Override
    public byte[] unsignedBytes() {
        byte[] bytes = new byte[message.getUintContentsCount()];
        for (int i = 0; i < bytes.length; i++) {
            int value = message.getUintContents(i);
            if (value < 0 || value > 255) {
                throw new InvalidRequestException(
                        "expected values 0 to 255 in uint_contents, got " + Integer.toUnsignedString(value));
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    @Override
    public float[] floats() {
        float[] floats = new float[message.getFp32ContentsCount()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = message.getFp32Contents(i);
        }
        return floats;
    }

    @Override
    public List<byte[]> byteStrings() {
        return message.getBytesContentsList().stream()
                .map(ByteString::toByteArray)
                .toList();
    }
}
