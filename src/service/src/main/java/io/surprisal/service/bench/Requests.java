package io.surprisal.service.bench;

import com.google.protobuf.ByteString;
import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.grpc.v1.ScoreRequest;
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
    private final List<byte[]> files;
    private final int imagesPerRequest;

    Requests(Levels images, int imagesPerRequest) {
        this.files = IntStream.range(0, images.count())
                .mapToObj(image -> png(images, image))
                .toList();
        this.imagesPerRequest = imagesPerRequest;
    }

    /** One image as the body itself, several as JSON. */
    List<byte[]> http(String host, int port) {
        List<byte[]> requests = new ArrayList<>(files.size());
        for (int first = 0; first < files.size(); first++) {
            requests.add(
                    imagesPerRequest == 1
                            ? HttpTransport.request(host, port, "image/png", files.get(first))
                            : HttpTransport.request(host, port, "application/json", json(first)));
        }
        return requests;
    }

    /** Messages behind gRPC's prefix: a byte that says "not compressed", and the length. */
    List<byte[]> grpc() {
        List<byte[]> requests = new ArrayList<>(files.size());
        for (int first = 0; first < files.size(); first++) {
            byte[] message = ScoreRequest.newBuilder()
                    .addAllImages(of(first).stream().map(ByteString::copyFrom).toList())
                    .build()
                    .toByteArray();
            requests.add(ByteBuffer.allocate(5 + message.length)
                    .put((byte) 0)
                    .putInt(message.length)
                    .put(message)
                    .array());
        }
        return requests;
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

    private static byte[] png(Levels images, int image) {
        ImageShape shape = images.shape();
        int area = shape.height() * shape.width();
        byte[] interleaved = new byte[shape.dimensions()];
        for (int position = 0; position < area; position++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                int level = Byte.toUnsignedInt(images.data()[image * shape.dimensions() + channel * area + position]);
                interleaved[position * shape.channels() + channel] = (byte) (level * 255 / (images.levels() - 1));
            }
        }
        return PngFile.encode(new Pixels(shape.width(), shape.height(), shape.channels(), interleaved));
    }
}
