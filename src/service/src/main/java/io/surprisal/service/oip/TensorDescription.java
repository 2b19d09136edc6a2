package io.surprisal.service.oip;

import java.util.List;

/**
 * What a tensor of a model looks like.
 *
 * @param name what it is called
 * @param datatype UINT8, BYTES, …
 * @param shape its dimensions, −1 for the number of images
 */
public record TensorDescription(String name, String datatype, List<Long> shape) {
    public TensorDescription {
        shape = List.copyOf(shape);
    }
}
