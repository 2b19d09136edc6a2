package io.surprisal.service.oip.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.surprisal.service.oip.Elements;
import io.surprisal.service.oip.InferAnswer;
import io.surprisal.service.oip.InferRequest;
import io.surprisal.service.oip.OutputTensor;
import io.surprisal.service.oip.RequestedOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The body of an inference answer: a JSON object and, behind it, the contents of the outputs that were asked for in binary.
 *
 * <p>JSON has no infinities: a number that is not finite is null there, and itself in binary.
 */
public final class AnswerWriter {
    private final JsonGenerator json;
    private final List<byte[]> binaries = new ArrayList<>();

    /**
     * A body.
     *
     * @param bytes all of it
     * @param jsonLength how many of them are JSON
     */
    record Body(byte[] bytes, int jsonLength) {
        boolean binary() {
            return jsonLength < bytes.length;
        }
    }

    private AnswerWriter(JsonGenerator json) {
        this.json = json;
    }

    /** Writes an answer in the form its request asks for. */
    static Body write(JsonFactory factory, InferRequest request, InferAnswer answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try {
            AnswerWriter writer;
            try (JsonGenerator json = factory.createGenerator(bytes)) {
                writer = new AnswerWriter(json);
                writer.answer(answer, binary(request));
            }
            int jsonLength = bytes.size();
            for (byte[] binary : writer.binaries) {
                bytes.write(binary);
            }
            return new Body(bytes.toByteArray(), jsonLength);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the bytes are in memory
        }
    }

    /** Whether an output is to be binary: its own parameter says so, else the request's for all. */
    private static Predicate<String> binary(InferRequest request) {
        boolean all = request.parameters().flag("binary_data_output", false);
        return name -> request.outputs().stream()
                .filter(output -> output.name().equals(name))
                .findFirst()
                .map(RequestedOutput::parameters)
                .map(parameters -> parameters.flag("binary_data", all))
                .orElse(all);
    }

    private void answer(InferAnswer answer, Predicate<String> binary) throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", answer.model());
        json.writeStringField("model_version", answer.version());
        if (!answer.id().isEmpty()) {
            json.writeStringField("id", answer.id());
        }
        json.writeArrayFieldStart("outputs");
        for (OutputTensor output : answer.outputs()) {
            output(output, binary.test(output.name()));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void output(OutputTensor output, boolean binary) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", output.name());
        json.writeStringField("datatype", output.elements().datatype());
        json.writeArrayFieldStart("shape");
        for (long dimension : output.shape()) {
            json.writeNumber(dimension);
        }
        json.writeEndArray();
        if (binary) {
            byte[] raw = output.elements().raw();
            binaries.add(raw);
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", raw.length);
            json.writeEndObject();
        } else {
            json.writeArrayFieldStart("data");
            elements(output.elements());
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void elements(Elements elements) throws IOException {
        switch (elements) {
            case Elements.Booleans(boolean[] values) -> {
                for (boolean value : values) {
                    json.writeBoolean(value);
                }
            }
            case Elements.Floats(float[] values) -> {
                for (float value : values) {
                    if (Float.isFinite(value)) {
                        json.writeNumber(value);
                    } else {
                        json.writeNull();
                    }
                }
            }
            case Elements.Doubles(double[] values) -> {
                for (double value : values) {
                    if (Double.isFinite(value)) {
                        json.writeNumber(value);
                    } else {
                        json.writeNull();
                    }
                }
            }
        }
    }
}
