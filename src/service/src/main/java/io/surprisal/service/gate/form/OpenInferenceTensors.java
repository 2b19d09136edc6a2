package io.surprisal.service.gate.form;

import io.surprisal.service.oip.InferRequest;
import io.surprisal.service.oip.InputTensor;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import java.util.List;

/** The one input of an inference request for a classifier, by whatever name. */
final class OpenInferenceTensors {
    private OpenInferenceTensors() {}

    static Images images(InferRequest request, TensorReader tensors) {
        if (request.inputs().size() != 1) {
            throw new InvalidRequestException("expected one input, the images, got "
                    + request.inputs().stream().map(InputTensor::name).toList());
        }
        InputTensor input = request.inputs().getFirst();
        return switch (input.datatype()) {
            case "UINT8" -> tensors.levels(input.shape(), input.contents().unsignedBytes());
            case "FP32" -> tensors.numbers(input.shape(), input.contents().floats());
            case "BYTES" -> new Images.Encoded(files(input));
            default ->
                throw new InvalidRequestException("expected images as UINT8, FP32 or BYTES, got " + input.datatype()
                        + " for input " + input.name());
        };
    }

    private static List<byte[]> files(InputTensor input) {
        List<byte[]> files = input.contents().byteStrings();
        long elements = input.shape().stream()
                .reduce(1L, (a, b) -> a < 0 || a > Integer.MAX_VALUE || b < 0 || b > Integer.MAX_VALUE ? -1 : a * b);
        if (elements != files.size()) {
            throw new InvalidRequestException(
                    "expected as many image files as shape %s says, got %d".formatted(input.shape(), files.size()));
        }
        return files;
    }
}
