package io.surprisal.service.oip;

import java.util.List;

/**
 * An input tensor as a request has it, not yet checked.
 *
 * @param name what it is called
 * @param datatype UINT8, BYTES, …
 * @param shape its dimensions
 * @param contents its elements, in row-major order
 */
public record InputTensor(String name, String datatype, List<Long> shape, Contents contents) {
    public InputTensor {
        shape = List.copyOf(shape);
    }
}
