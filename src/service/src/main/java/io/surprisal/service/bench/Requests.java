package io.surprisal.service.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.png.PngFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Requests prepared from a bundle's golden images, as many images a request as asked for. */
final class Requests {
    /** The method of the messages of {@link #grpc}. */
    static final String SCORE_METHOD = "/surprisal.v1.Scoring/Score";

    /** The method of the messages of {@link #tensorsGrpc}. */
    static final String INFER_METHOD = "/inference.GRPCInferenceService/ModelInfer";

    private static final String SCORE = "/v1/score";

    private final Levels images;
    private final List<byte[]> files;
    private final int imagesPerRequest;

    Requests(Levels images, int imagesPerRequest) {
        this.images = images;
        this.files = IntStream.range(0, images.count())
                .mapToObj(image -> PngFile.of(images, image))
                .toList();
        this.imagesPerRequest = imagesPerRequest;
    }

    /** One image as the body itself, several as JSON. */
    List<byte[]> http(String host, int port) {
        List<byte[]> requests = new ArrayList<>(files.size());
        for (int first = 0; first < files.size(); first++) {
            requests.add(
                    imagesPerRequest == 1
                            ? HttpTransport.request(host, port, SCORE, "image/png", files.get(first))
                            : HttpTransport.request(host, port, SCORE, "application/json", json(first)));
        }
        return requests;
    }

    /** Messages behind gRPC's prefix: a byte that says "not compressed", and the length. */
    List<byte[]> grpc() {
        List<byte[]> requests = new ArrayList<>(files.size());
        for (int first = 0; first < files.size(); first++) {
            requests.add(prefixed(ScoreRequest.newBuilder()
                    .addAllImages(of(first).stream().map(ByteString::copyFrom).toList())
                    .build()));
        }
        return requests;
    }

    /** One image as a tensor in JSON, by the Open Inference Protocol. */
    List<byte[]> tensorsHttp(String host, int port, String model) {
        ImageShape shape = images.shape();
        return IntStream.range(0, images.count())
                .mapToObj(image ->
                        "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"UINT8\",\"shape\":[1,%d,%d,%d],\"data\":[%s]}]}"
                                .formatted(shape.channels(), shape.height(), shape.width(), numbers(image)))
                .map(body -> HttpTransport.request(
                        host,
                        port,
                        "/v2/models/" + model + "/infer",
                        "application/json",
                        body.getBytes(StandardCharsets.US_ASCII)))
                .toList();
    }

    /** One image as a tensor, by the Open Inference Protocol over gRPC. */
    List<byte[]> tensorsGrpc(String model) {
        ImageShape shape = images.shape();
        return IntStream.range(0, images.count())
                .mapToObj(image -> prefixed(ModelInferRequest.newBuilder()
                        .setModelName(model)
                        .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                                .setName("image")
                                .setDatatype("UINT8")
                                .addAllShape(List.of(
                                        1L, (long) shape.channels(), (long) shape.height(), (long) shape.width())))
                        .addRawInputContents(
                                ByteString.copyFrom(images.data(), image * shape.dimensions(), shape.dimensions()))
                        .build()))
                .toList();
    }

    private String numbers(int image) {
        int dimensions = images.shape().dimensions();
        return IntStream.range(image * dimensions, (image + 1) * dimensions)
                .mapToObj(i -> Integer.toString(Byte.toUnsignedInt(images.data()[i])))
                .collect(Collectors.joining(","));
    }

    private static byte[] prefixed(MessageLite message) {
        byte[] bytes = message.toByteArray();
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private byte[] json(int first) {
        return of(first).stream()
                .map(file -> "{\"data\":\"" + Base64.getEncoder().encodeToString(file) + "\"}")
                .collect(Collectors.joining(",", "{\"images\":[", "]}"))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private List<byte[]> of(int first) {
        return IntStream.range(first, first + imagesPerRequest)
                .mapToObj(image -> files.get(image % files.size()))
                .toList();
    }
}
