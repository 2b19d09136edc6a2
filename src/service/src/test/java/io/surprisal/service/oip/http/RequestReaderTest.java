package io.surprisal.service.oip.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonFactory;
import io.surprisal.service.oip.InferRequest;
import io.surprisal.service.score.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Bodies come from outside: whatever is in them is a request or the caller's fault, and nothing else. */
class RequestReaderTest {
    private static final byte[] GOOD = """
            {"id": "a", "parameters": {"fpr": 0.05, "binary_data_output": true},
             "inputs": [{"name": "image", "datatype": "UINT8", "shape": [1, 1, 2, 2], "data": [[[[1, 2], [3, 4]]]]},
                        {"name": "encoded", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": 0}}],
             "outputs": [{"name": "flagged", "parameters": {"binary_data": false}}]}""".getBytes(StandardCharsets.UTF_8);

    @Property(tries = 2_000)
    void aChangedBodyIsARequestOrTheCallersFault(@ForAll("changed") byte[] body, @ForAll int jsonLength) {
        readOrRefuse(body, body.length);
        readOrRefuse(body, jsonLength % (body.length + 2));
    }

    @Property(tries = 2_000)
    void anyBytesAreARequestOrTheCallersFault(@ForAll byte[] body) {
        readOrRefuse(body, body.length);
    }

    /** The byte-order mark of an encoding that nobody uses: no JSON that is broken, but no text at all. */
    @Example
    void bytesThatAreNoTextAreTheCallersFault() {
        byte[] body = {0, 0, (byte) 0xFF, (byte) 0xFE, '{', '}'};
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> RequestReader.read(new JsonFactory(), "m", null, body, body.length))
                .withMessageContaining("got bytes that are no text");
    }

    /** A good body with up to three bytes replaced, and its end cut off. */
    @Provide
    Arbitrary<byte[]> changed() {
        Arbitrary<Byte> bytes = Arbitraries.of(
                "{}[]:,\"0-9.eE tfn\\u\0".getBytes(StandardCharsets.UTF_8)[0],
                (byte) '{',
                (byte) '}',
                (byte) '[',
                (byte) ']',
                (byte) ',',
                (byte) '"',
                (byte) '-',
                (byte) '9',
                (byte) '.',
                (byte) 't',
                (byte) 0,
                (byte) 0xFF);
        Arbitrary<Integer> places = Arbitraries.integers().between(0, GOOD.length - 1);
        return net.jqwik.api.Combinators.combine(
                        places.list().ofMaxSize(3), bytes.list().ofSize(3), places)
                .as((changes, values, length) -> {
                    byte[] body = java.util.Arrays.copyOf(GOOD, length % 3 == 0 ? length : GOOD.length);
                    for (int i = 0; i < changes.size(); i++) {
                        if (changes.get(i) < body.length) {
                            body[changes.get(i)] = values.get(i);
                        }
                    }
                    return body;
                });
    }

    private static void readOrRefuse(byte[] body, int jsonLength) {
        try {
            InferRequest request = RequestReader.read(new JsonFactory(), "m", null, body, jsonLength);
            request.inputs().forEach(input -> {
                read(input.contents()::unsignedBytes);
                read(input.contents()::byteStrings);
            });
        } catch (InvalidRequestException e) {
            assertThat(e).hasMessageStartingWith("expected");
        }
    }

    private static void read(Runnable reader) {
        try {
            reader.run();
        } catch (InvalidRequestException e) {
            assertThat(e).hasMessageStartingWith("expected");
        }
    }
}
