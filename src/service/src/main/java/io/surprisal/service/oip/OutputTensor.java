package io.surprisal.service.oip;

import java.util.List;

/**
 * An output tensor.
 *
 * @param name what it is called
 * @param shape its dimensions; their product is the number of elements
 * @param elements in row-major order
 */
public record OutputTensor(String name, List<Long> shape, Elements elements) {
    public OutputTensor {
        shape = List.copyOf(shape);
    }
}
