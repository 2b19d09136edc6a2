package io.surprisal.service.gate.form;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.surprisal.service.oip.Numbers;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Images in nested JSON arrays, whose lengths are the shape, or as files in base64; all of one kind. */
final class JsonImages {
    private static final int DEEPEST = 4;
    private static final int UNKNOWN = -1;

    private final JsonParser parser;
    private final Numbers numbers = new Numbers();
    private final List<byte[]> files = new ArrayList<>();
    private final int[] shape = new int[DEEPEST];
    private int leaf = UNKNOWN;
    private String input = "";

    JsonImages(JsonParser parser) {
        this.parser = parser;
        Arrays.fill(shape, UNKNOWN);
    }

    /** Reads the value that the parser stands at. */
    void read() throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            object(0);
        } else {
            array(0);
        }
    }

    Images images(TensorReader tensors) {
        if (numbers.size() > 0 == files.size() > 0) {
            throw new InvalidRequestException(
                    "expected images as numbers or as files in b64, got " + (files.isEmpty() ? "neither" : "both"));
        }
        return files.isEmpty()
                ? tensors.numbers(
                        Arrays.stream(shape, 0, leaf + 1).asLongStream().boxed().toList(), numbers.floats())
                : new Images.Encoded(files);
    }

    private void array(int depth) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY || depth == DEEPEST) {
            throw new InvalidRequestException("expected images as arrays of at most %d dimensions".formatted(DEEPEST));
        }
        int count = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            count++;
            switch (token) {
                case START_ARRAY -> array(depth + 1);
                case START_OBJECT -> object(depth + 1);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(depth);
                case null, default ->
                    throw new InvalidRequestException("expected numbers, arrays or objects, got " + parser.getText());
            }
        }
        if (shape[depth] != UNKNOWN && shape[depth] != count) {
            throw new InvalidRequestException("expected arrays of one length in dimension %d, got %d and %d"
                    .formatted(depth, shape[depth], count));
        }
        shape[depth] = count;
    }

    private void number(int depth) throws IOException {
        if (leaf != UNKNOWN && leaf != depth) {
            throw new InvalidRequestException(
                    "expected all numbers in one dimension, got some in %d and some in %d".formatted(leaf, depth));
        }
        leaf = depth;
        numbers.add(parser.getFloatValue());
    }

    /** A file, or the one input by its name. */
    private void object(int depth) throws IOException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            throw new InvalidRequestException("expected an object with b64 or with one input, got an empty one");
        }
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("b64") && value == JsonToken.VALUE_STRING) {
            file(parser.getText());
        } else if (!input.isEmpty() && !input.equals(name)) {
            throw new InvalidRequestException("expected one input, got %s and %s".formatted(input, name));
        } else {
            input = name;
            switch (value) {
                case START_ARRAY -> array(depth);
                case START_OBJECT -> object(depth);
                case null, default ->
                    throw new InvalidRequestException(
                            "expected an image for input %s, got %s".formatted(name, parser.getText()));
            }
        }
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw new InvalidRequestException("expected an object with b64 or with one input, got more in it");
        }
    }

    private void file(String base64) {
        try {
            files.add(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("expected a file in base64: " + e.getMessage());
        }
    }
}
