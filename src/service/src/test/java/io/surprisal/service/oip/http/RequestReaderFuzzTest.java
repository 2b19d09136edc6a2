package io.surprisal.service.oip.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import io.surprisal.service.oip.HostileRequests;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong: as in {@link RequestReaderTest}, by a body that only one who follows the reader's branches comes upon. */
class RequestReaderFuzzTest {
    private static final JsonFactory JSON = new JsonFactory();

    static List<byte[]> seeds() {
        return Stream.of("""
                        {"id": "a", "parameters": {"fpr": 0.05, "statistic": "typicality", "priority": 2, "timeout": 100,
                        "binary_data_output": true}, "inputs": [{"name": "image", "datatype": "UINT8", "shape": [1, 1, 2, 2],
                        "data": [[[[1, 2], [3, 4]]]]}], "outputs": [{"name": "flagged", "parameters": {"binary_data": false}}]}""", """
                        {"inputs": [{"name": "encoded", "datatype": "BYTES", "shape": [1], "data": ["iVBORw0KGgo="]}]}""", """
                        {"inputs":[{"name":"image","datatype":"UINT8","shape":[1,1,2,2],"parameters":{"binary_data_size":4}}]}
                        abcd""", """
                        {"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}}]}
                        abcd""")
                .map(body -> body.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "6s")
    void anyBytesAreARequestOrTheCallersFault(byte[] body) {
        read(body, body.length);
        read(body, firstLine(body));
    }

    private static void read(byte[] body, int jsonLength) {
        HostileRequests.examine(() -> RequestReader.read(JSON, "m", null, body, jsonLength));
    }

    /** What the header would say of a body whose JSON is one line. */
    private static int firstLine(byte[] body) {
        int length = 0;
        while (length < body.length && body[length++] != '\n') {}
        return length;
    }
}
