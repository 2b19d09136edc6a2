package io.surprisal.service.oip.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.surprisal.service.oip.Contents;
import io.surprisal.service.oip.InferRequest;
import io.surprisal.service.oip.InputTensor;
import io.surprisal.service.oip.Parameters;
import io.surprisal.service.oip.RawContents;
import io.surprisal.service.oip.RequestedOutput;
import io.surprisal.service.score.InvalidRequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of an inference request: a JSON object and, behind it, the binary contents of those inputs whose parameter
 * {@code binary_data_size} says so, in their order.
 */
public final class RequestReader {
    /** The header with the length of the JSON, where something binary is behind it. */
    public static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private static final String EXPECTED = "expected an inference request of the Open Inference Protocol in JSON, ";

    private final byte[] body;
    private final JsonParser json;
    private String id = "";
    private Parameters parameters = Parameters.NONE;
    private List<JsonInput> inputs = List.of();
    private List<RequestedOutput> outputs = List.of();
    private int read;

    /** An input as the JSON has it: {@code contents} is null where they are binary, or missing. */
    private record JsonInput(
            String name,
            String datatype,
            List<Long> shape,
            Parameters parameters,
            @Nullable Contents contents) {}

    @FunctionalInterface
    private interface Reader<T> {
        T read() throws IOException;
    }

    @FunctionalInterface
    private interface FieldReader {
        void read(String field) throws IOException;
    }

    private RequestReader(byte[] body, JsonParser json, int jsonLength) {
        this.body = body;
        this.json = json;
        this.read = jsonLength;
    }

    /**
     * Reads a body.
     *
     * @param model from the path
     * @param version from the path, or null
     * @param jsonLength how many bytes of the body are JSON
     * @throws InvalidRequestException when it is not an inference request
     */
    public static InferRequest read(
            JsonFactory factory, String model, @Nullable String version, byte[] body, int jsonLength) {
        if (jsonLength < 0 || jsonLength > body.length) {
            throw new InvalidRequestException(EXPECTED
                    + "%d bytes long as its header says, got a body of %d bytes".formatted(jsonLength, body.length));
        }
        try (JsonParser json = factory.createParser(body, 0, jsonLength)) {
            // What is said twice, two programs may read in two ways.
            json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            return new RequestReader(body, json, jsonLength).request(model, version);
        } catch (JacksonException e) {
            throw new InvalidRequestException(EXPECTED + "got JSON that is not: " + e.getOriginalMessage());
        } catch (IOException e) {
            // The bytes are in memory: it is what they mean, an encoding that is none.
            throw new InvalidRequestException(EXPECTED + "got bytes that are no text: " + e.getMessage());
        }
    }

    /** How many bytes of a body are JSON, by the header; all of them where there is none. */
    public static int jsonLength(@Nullable String header, int whole) {
        try {
            return header == null ? whole : Integer.parseInt(header);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("expected %s to be a number, got '%s'".formatted(JSON_LENGTH, header));
        }
    }

    private InferRequest request(String model, @Nullable String version) throws IOException {
        json.nextToken();
        object("an object", field -> {
            switch (field) {
                case "id" -> id = text("a string as id");
                case "parameters" -> parameters = parameters();
                case "inputs" -> inputs = array("an array of inputs", this::input);
                case "outputs" -> outputs = array("an array of outputs", this::output);
                default -> json.skipChildren();
            }
        });
        if (json.nextToken() != null) {
            throw new InvalidRequestException(EXPECTED + "got something after it");
        }
        List<InputTensor> tensors = new ArrayList<>(inputs.size());
        for (JsonInput input : inputs) {
            tensors.add(new InputTensor(input.name(), input.datatype(), input.shape(), contents(input)));
        }
        if (read != body.length) {
            throw new InvalidRequestException("expected as many binary bytes as binary_data_size says, got %d more"
                    .formatted(body.length - read));
        }
        return new InferRequest(model, version, id, parameters, tensors, outputs);
    }

    private Contents contents(JsonInput input) {
        input.parameters().requireNoSharedMemory();
        int size = input.parameters().size("binary_data_size");
        if (size >= 0 && input.contents() != null) {
            throw new InvalidRequestException(
                    "expected data, or the parameter binary_data_size, for input %s, got both".formatted(input.name()));
        }
        if (size < 0) {
            if (input.contents() == null) {
                throw new InvalidRequestException(
                        "expected data, or the parameter binary_data_size, for input %s, got neither"
                                .formatted(input.name()));
            }
            return input.contents();
        }
        if (size > body.length - read) {
            throw new InvalidRequestException(
                    "expected %d binary bytes for input %s, got %d".formatted(size, input.name(), body.length - read));
        }
        read += size;
        return new RawContents(Arrays.copyOfRange(body, read - size, read));
    }

    private JsonInput input() throws IOException {
        var input = new Object() {
            String name = "";
            String datatype = "";
            List<Long> shape = List.of();
            Parameters parameters = Parameters.NONE;

            @Nullable
            Contents contents;
        };
        object("an object for each input", field -> {
            switch (field) {
                case "name" -> input.name = text("a string as the name of an input");
                case "datatype" -> input.datatype = text("a string as the datatype of an input");
                case "shape" -> input.shape = array("an array of integers as the shape of an input", this::dimension);
                case "parameters" -> input.parameters = parameters();
                case "data" -> input.contents = JsonContents.read(json);
                default -> json.skipChildren();
            }
        });
        return new JsonInput(input.name, input.datatype, input.shape, input.parameters, input.contents);
    }

    private RequestedOutput output() throws IOException {
        var output = new Object() {
            String name = "";
            Parameters parameters = Parameters.NONE;
        };
        object("an object for each output", field -> {
            switch (field) {
                case "name" -> output.name = text("a string as the name of an output");
                case "parameters" -> output.parameters = parameters();
                default -> json.skipChildren();
            }
        });
        return new RequestedOutput(output.name, output.parameters);
    }

    private Parameters parameters() throws IOException {
        Map<String, Object> values = new HashMap<>();
        object("an object of parameters", name -> {
            switch (json.currentToken()) {
                case VALUE_STRING -> values.put(name, json.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> values.put(name, json.getNumberValue());
                case VALUE_TRUE, VALUE_FALSE -> values.put(name, json.getBooleanValue());
                case null, default -> json.skipChildren();
            }
        });
        return new Parameters(values);
    }

    private Long dimension() throws IOException {
        require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, "an array of integers as the shape of an input");
        return json.getLongValue();
    }

    private String text(String expected) throws IOException {
        require(json.currentToken() == JsonToken.VALUE_STRING, expected);
        return json.getText();
    }

    private void object(String expected, FieldReader field) throws IOException {
        require(json.currentToken() == JsonToken.START_OBJECT, expected);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            field.read(name);
        }
    }

    private <T> List<T> array(String expected, Reader<T> element) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, expected);
        List<T> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(element.read());
        }
        return elements;
    }

    private void require(boolean holds, String expected) throws IOException {
        if (!holds) {
            throw new InvalidRequestException(EXPECTED + "with " + expected + ", got "
                    + (json.currentToken() == null ? "nothing" : json.getText()));
        }
    }
}
