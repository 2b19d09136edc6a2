package io.surprisal.detector.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object, read field by field. Every reader throws {@link IllegalArgumentException} with the path of the
 * field, what was expected and what was found; a missing field and null are the same. Immutable.
 *
 * @param path where the object is, for messages
 * @param node the object
 */
public record Fields(String path, ObjectNode node) {

    /** Strict: no duplicate fields, nothing after the document. */
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Parses a document whose outermost value is an object. */
    public static Fields parse(String document, byte[] json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(document + ": expected a JSON object, found: " + e.getMessage(), e);
        }
        return new Fields(document, object(document, node));
    }

    /** A new, empty object to write into. */
    public static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    /** Indented JSON in UTF-8, arrays of numbers on one line, ending in a newline. */
    public static byte[] write(ObjectNode node) {
        try {
            return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "expected an object that can be written as JSON, found: " + e.getMessage(), e);
        }
    }

    public Fields object(String field) {
        return new Fields(path + "." + field, object(path + "." + field, node.get(field)));
    }

    /**
     * A free-form object: strings, numbers, booleans, lists and maps of them; unmodifiable, in the order of the
     * document.
     */
    public Map<String, Object> map(String field) {
        Map<String, Object> values = MAPPER.convertValue(object(field).node(), new TypeReference<>() {});
        return Collections.unmodifiableMap(values);
    }

    /** A number as JSON has it: there are no infinities and no NaN, and null stands for them. */
    public static @Nullable Double finiteOrNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** The inverse of {@link #map}. */
    public static JsonNode tree(Map<String, Object> map) {
        return MAPPER.valueToTree(map);
    }

    public String string(String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isTextual() || value.textValue().isBlank()) {
            throw unexpected(path + "." + field, "a string", value);
        }
        return value.textValue();
    }

    public int integer(String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
            throw unexpected(path + "." + field, "an integer", value);
        }
        return value.intValue();
    }

    public long whole(String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw unexpected(path + "." + field, "an integer", value);
        }
        return value.longValue();
    }

    public double number(String field) {
        JsonNode value = node.get(field);
        if (value == null || !finite(value)) {
            throw unexpected(path + "." + field, "a finite number", value);
        }
        return value.doubleValue();
    }

    public double[] numbers(String field) {
        ArrayNode values = array(field);
        double[] numbers = new double[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode value = values.get(i);
            if (!finite(value)) {
                throw unexpected(path + "." + field + "[" + i + "]", "a finite number", value);
            }
            numbers[i] = value.doubleValue();
        }
        return numbers;
    }

    /** Numbers as an array, or as a string: base64 of float32, little-endian, which is read a hundred times as fast. */
    public double[] packedNumbers(String field) {
        if (node.get(field) instanceof ArrayNode) {
            return numbers(field);
        }
        FloatBuffer floats = packed(field, "numbers, or base64 of float32").asFloatBuffer();
        double[] numbers = new double[floats.remaining()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = floats.get(i);
        }
        return numbers;
    }

    /**
     * The inverse of {@link #packedNumbers(String)}, always the string; each number is rounded up to float32: scores of one image are equal, and one that was
     * written a little smaller would not count as at least as extreme as the other.
     */
    public static String packedNumbers(double[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double number : numbers) {
            float rounded = (float) number;
            bytes.putFloat(rounded < number ? Math.nextUp(rounded) : rounded);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Integers as an array, or as a string: base64 of int32, little-endian. */
    public int[] packedIntegers(String field) {
        if (node.get(field) instanceof ArrayNode) {
            return integers(field);
        }
        IntBuffer packed = packed(field, "integers, or base64 of int32").asIntBuffer();
        int[] integers = new int[packed.remaining()];
        packed.get(integers);
        return integers;
    }

    /** The inverse of {@link #packedIntegers(String)}, always the string. */
    public static String packedIntegers(int[] integers) {
        ByteBuffer bytes = ByteBuffer.allocate(integers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(integers);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private ByteBuffer packed(String field, String expected) {
        String text = string(field);
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length % Integer.BYTES != 0) {
                throw new IllegalArgumentException(bytes.length + " bytes, and not 4 for each number");
            }
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    path + "." + field + ": expected " + expected + ", found " + abridged(text) + ": " + e.getMessage(),
                    e);
        }
    }

    public int[] integers(String field) {
        ArrayNode values = array(field);
        int[] integers = new int[values.size()];
        for (int i = 0; i < integers.length; i++) {
            JsonNode value = values.get(i);
            if (!value.isInt()) {
                throw unexpected(path + "." + field + "[" + i + "]", "an integer", value);
            }
            integers[i] = value.intValue();
        }
        return integers;
    }

    /** The one number of a field, or those of its array. */
    public List<Double> numberOrNumbers(String field) {
        return node.get(field) instanceof ArrayNode
                ? Arrays.stream(numbers(field)).boxed().toList()
                : List.of(number(field));
    }

    /** The inverse of {@link #numberOrNumbers(String)}: one number as a number, more as an array. */
    public static JsonNode numberOrNumbers(List<Double> values) {
        ArrayNode array = MAPPER.createArrayNode();
        values.forEach(array::add);
        return values.size() == 1 ? array.get(0) : array;
    }

    /** Whether a field is an object, where it may be something else. */
    public boolean isObject(String field) {
        return node.get(field) instanceof ObjectNode;
    }

    public List<Fields> objects(String field) {
        ArrayNode values = array(field);
        List<Fields> objects = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            String at = path + "." + field + "[" + i + "]";
            objects.add(new Fields(at, object(at, values.get(i))));
        }
        return List.copyOf(objects);
    }

    /** The names of the fields, in the order of the document. */
    public Set<String> names() {
        Map<String, Boolean> names = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(name -> names.put(name, true));
        return names.keySet();
    }

    private ArrayNode array(String field) {
        if (!(node.get(field) instanceof ArrayNode values)) {
            throw unexpected(path + "." + field, "an array", node.get(field));
        }
        return values;
    }

    private static boolean finite(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.doubleValue());
    }

    private static ObjectNode object(String path, @Nullable JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw unexpected(path, "an object", node);
        }
        return object;
    }

    private static IllegalArgumentException unexpected(String path, String expected, @Nullable JsonNode found) {
        return new IllegalArgumentException(path + ": expected " + expected + ", found "
                + (found == null ? "nothing" : abridged(found.toString())));
    }

    private static String abridged(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
