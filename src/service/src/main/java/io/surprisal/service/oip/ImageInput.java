package io.surprisal.service.oip;

import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import java.util.List;

/** The two inputs a model here has, of which a request brings one. */
enum ImageInput {
    /** Levels, ready for the model. */
    IMAGE("image", "UINT8", "[N, C, H, W]") {
        @Override
        Images read(InputTensor tensor) {
            long elements = tensor.shape().size() == 4 ? elements(tensor.shape()) : -1;
            byte[] levels = tensor.contents().unsignedBytes();
            if (elements != levels.length) {
                throw wrongShape(tensor, levels.length);
            }
            return new Images.Tensor(tensor.shape(), levels);
        }
    },

    /** Image files. */
    ENCODED("encoded", "BYTES", "[N]") {
        @Override
        Images read(InputTensor tensor) {
            List<byte[]> files = tensor.contents().byteStrings();
            boolean fits = tensor.shape().equals(List.of((long) files.size()))
                    || tensor.shape().equals(List.of((long) files.size(), 1L));
            if (!fits) {
                throw wrongShape(tensor, files.size());
            }
            return new Images.Encoded(files);
        }
    };

    private final String tensorName;
    private final String datatype;
    private final String shape;

    ImageInput(String tensorName, String datatype, String shape) {
        this.tensorName = tensorName;
        this.datatype = datatype;
        this.shape = shape;
    }

    /** What has exactly the elements its shape says; what shape the model wants is for the model to say. */
    abstract Images read(InputTensor tensor);

    String tensorName() {
        return tensorName;
    }

    String datatype() {
        return datatype;
    }

    /** The images of a request. */
    static Images of(List<InputTensor> inputs) {
        if (inputs.size() == 1) {
            InputTensor tensor = inputs.getFirst();
            for (ImageInput input : values()) {
                if (input.tensorName.equals(tensor.name())) {
                    return input.checked(tensor);
                }
            }
        }
        throw new InvalidRequestException("expected one input, image or encoded, got "
                + inputs.stream().map(InputTensor::name).toList());
    }

    private Images checked(InputTensor tensor) {
        if (!tensor.datatype().equals(datatype)) {
            throw new InvalidRequestException("expected datatype %s for input %s, got %s"
                    .formatted(datatype, tensorName, tensor.datatype().isEmpty() ? "none" : tensor.datatype()));
        }
        if (tensor.shape().isEmpty() || tensor.shape().getFirst() < 1) {
            throw new InvalidRequestException("expected shape %s with at least one image for input %s, got %s"
                    .formatted(shape, tensorName, tensor.shape()));
        }
        return read(tensor);
    }

    InvalidRequestException wrongShape(InputTensor tensor, long elements) {
        return new InvalidRequestException(
                "expected input %s in shape %s with as many elements, got shape %s and %d elements"
                        .formatted(tensorName, shape, tensor.shape(), elements));
    }

    /** The product of the dimensions, or −1 when it is none that an array can have. */
    private static long elements(List<Long> shape) {
        long product = 1;
        for (long dimension : shape) {
            if (dimension < 1 || dimension > Integer.MAX_VALUE || product > Integer.MAX_VALUE) {
                return -1;
            }
            product *= dimension;
        }
        return product;
    }
}
