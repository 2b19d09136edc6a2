package io.surprisal.service.oip.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.surprisal.service.oip.Contents;
import io.surprisal.service.oip.Numbers;
import io.surprisal.service.score.InvalidRequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Elements as a JSON array, nested by the tensor's dimensions or flat. Numbers are read into an array at once, since a tree of them would
 * take ten times the memory. A string of bytes is in base64, as JSON has no bytes.
 */
final class JsonContents implements Contents {
    private final Numbers numbers = new Numbers();
    private final List<String> strings = new ArrayList<>();

    private JsonContents() {}

    /** Reads the value that the parser stands at. */
    static JsonContents read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new InvalidRequestException("expected the data of an input as an array, got " + parser.getText());
        }
        JsonContents contents = new JsonContents();
        int depth = 1;
        while (depth > 0) {
            switch (parser.nextToken()) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                case VALUE_STRING -> contents.strings.add(parser.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> contents.numbers.add(parser.getFloatValue());
                case null, default ->
                    throw new InvalidRequestException(
                            "expected numbers or strings in the data of an input, got " + parser.getText());
            }
        }
        return contents;
    }

    @Override
    public byte[] unsignedBytes() {
        float[] floats = floats();
        byte[] bytes = new byte[floats.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) floats[i];
            if (Byte.toUnsignedInt(bytes[i]) != floats[i]) {
                throw new InvalidRequestException(
                        "expected integers 0 to 255 in the data of an input, got " + floats[i]);
            }
        }
        return bytes;
    }

    @Override
    public float[] floats() {
        if (!strings.isEmpty()) {
            throw new InvalidRequestException("expected numbers in the data of an input, got a string");
        }
        return numbers.floats();
    }

    @Override
    public List<byte[]> byteStrings() {
        if (numbers.size() > 0) {
            throw new InvalidRequestException("expected strings in base64 in the data of an input, got a number");
        }
        try {
            return strings.stream().map(Base64.getDecoder()::decode).toList();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("expected strings in base64 in the data of an input: " + e.getMessage());
        }
    }
}
