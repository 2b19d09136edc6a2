package io.surprisal.service.gate.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.gate.GatedRequest;
import io.surprisal.service.oip.HostileRequests;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest.InferInputTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What can go wrong: a request to a classifier ends in an exception that is not the caller's fault. What becomes of it then is for its
 * route to say, and may be that it gets through unjudged.
 */
class FormsFuzzTest {
    private static final int HEADERS = 4;

    private static final String FORM = """
            --b
            content-disposition: form-data; name="image"; filename="a.png"
            content-type: image/png

            any file
            --b
            content-disposition: form-data; name="top"

            5
            --b--
            """.replace("\n", "\r\n");
    private static final String BINARY = """
            {"inputs":[{"name":"x","datatype":"FP32","shape":[1,1,1],"parameters":{"binary_data_size":4}}]}""";

    private static final Forms FORMS = new Forms(
            new SmallRyeConfigBuilder()
                    .withMapping(SurprisalConfig.class)
                    .addDefaultInterceptors()
                    .addDiscoveredConverters()
                    .withDefaultValues(Map.of("surprisal.limits.body", "64K", "surprisal.gate.form-fields", "top"))
                    .build()
                    .getConfigMapping(SurprisalConfig.class),
            new ObjectMapper());

    static List<byte[]> seeds() throws IOException {
        byte[] message = ModelInferRequest.newBuilder()
                .addInputs(InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("UINT8")
                        .addAllShape(List.of(1L, 1L, 2L)))
                .addRawInputContents(ByteString.copyFromUtf8("ab"))
                .build()
                .toByteArray();
        return List.of(
                request("/x", "image/png", "", "", "", text("any file")),
                request("/x", "image/png", "gzip", "", "", compressed(text("any file"))),
                request("/x", "multipart/form-data; boundary=b", "", "", "", text(FORM)),
                request("/v2/models/m/infer", "application/json", "", "", "", text("""
                        {"inputs":[{"name":"x","datatype":"UINT8","shape":[1,1,1,2],"data":[1,2]}]}""")),
                request("/v2/models/m/infer", "", "", "", "" + BINARY.length(), text(BINARY + "\0\0\0\0")),
                request("/v1/models/m:predict", "application/json", "", "", "", text("""
                        {"signature_name":"s","instances":[[[[0.0],[1.0]]]]}""")),
                request("/v1/models/m/versions/1:predict", "application/json", "", "", "", text("""
                        {"inputs":{"x":{"b64":"iVBORw0KGgo="}}}""")),
                call("", framed(0, message)),
                call("gzip", framed(1, compressed(message))));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "8s")
    void anyRequestIsImagesOrTheCallersFault(byte[] request) {
        String[] lines = new String(request, ISO_8859_1).split("\n", HEADERS + 2);
        if (lines.length == HEADERS + 2) {
            Map<String, String> headers = Map.of(
                    "content-type", lines[1],
                    "content-encoding", lines[2],
                    "grpc-encoding", lines[3],
                    "inference-header-content-length", lines[4]);
            byte[] body = lines[5].getBytes(ISO_8859_1);
            HostileRequests.orRefused(() -> HostileRequests.holding(FORMS.images(
                    new GatedRequest(lines[0], name -> given(headers.get(name)), Claim.ANONYMOUS, body, true))));
        }
    }

    /** A header that says nothing is not there. */
    private static @Nullable String given(@Nullable String header) {
        return header == null || header.isEmpty() ? null : header;
    }

    private static byte[] call(String encoding, byte[] body) {
        return request("/inference.GRPCInferenceService/ModelInfer", "application/grpc", "", encoding, "", body);
    }

    /** The path and each header on a line of its own, then the body: what a fuzzer can change one by one. */
    private static byte[] request(
            String path, String type, String encoding, String grpcEncoding, String jsonLength, byte[] body) {
        return text(String.join("\n", path, type, encoding, grpcEncoding, jsonLength, new String(body, ISO_8859_1)));
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] framed(int compressed, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) compressed)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        }
        return compressed.toByteArray();
    }
}
