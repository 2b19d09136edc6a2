package io.surprisal.service.score;

import java.util.List;

/** The images of a request, as it brings them. */
public sealed interface Images {
    /** How many there are. */
    int count();

    /**
     * Image files.
     *
     * @param files PNG or JPEG files as they are
     */
    record Encoded(List<byte[]> files) implements Images {
        @Override
        public int count() {
            return files.size();
        }
    }

    /**
     * Levels, ready for the model.
     *
     * @param shape N, C, H, W
     * @param levels as many unsigned bytes as the shape says, in row-major order; not to be written to any more
     */
    record Tensor(List<Long> shape, byte[] levels) implements Images {
        public Tensor {
            shape = List.copyOf(shape);
        }

        @Override
        public int count() {
            return Math.toIntExact(shape.getFirst());
        }
    }
}
