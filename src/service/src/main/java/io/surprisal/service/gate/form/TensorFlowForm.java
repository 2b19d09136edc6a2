package io.surprisal.service.gate.form;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.surprisal.service.gate.GatedRequest;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * TensorFlow Serving's JSON: {@code {"instances": [image, image, …]}}, or {@code "inputs"} for one tensor of all. An image is nested
 * arrays of numbers, or a file, {@code {"b64": "…"}}, and either may be wrapped in an object with the one input's name.
 */
record TensorFlowForm(TensorReader tensors, JsonFactory json) implements Form {
    private static final Pattern PATH = Pattern.compile("/v1/models/[^/:]+(/(versions|labels)/[^/:]+)?:[a-z]+");
    private static final String EXPECTED = "expected a predict request of TensorFlow Serving in JSON, ";

    @Override
    public boolean fits(GatedRequest request) {
        return PATH.matcher(request.path()).matches();
    }

    @Override
    public Images images(GatedRequest request) {
        try (JsonParser parser = json.createParser(request.body())) {
            parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            return images(parser);
        } catch (JacksonException e) {
            throw new InvalidRequestException(EXPECTED + "got JSON that is not: " + e.getOriginalMessage());
        } catch (IOException e) {
            // The bytes are in memory: it is what they mean, an encoding that is none.
            throw new InvalidRequestException(EXPECTED + "got bytes that are no text: " + e.getMessage());
        }
    }

    private Images images(JsonParser parser) throws IOException {
        JsonImages images = new JsonImages(parser);
        boolean found = false;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidRequestException(EXPECTED + "got no object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "instances", "inputs" -> {
                    if (found) {
                        throw new InvalidRequestException(EXPECTED + "got both instances and inputs");
                    }
                    found = true;
                    images.read();
                }
                case "signature_name" -> parser.skipChildren();
                default -> throw new InvalidRequestException(EXPECTED + "got a field " + field);
            }
        }
        if (parser.nextToken() != null) {
            throw new InvalidRequestException(EXPECTED + "got something after it");
        }
        return images.images(tensors);
    }
}
