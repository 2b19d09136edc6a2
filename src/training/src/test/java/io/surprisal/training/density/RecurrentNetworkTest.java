package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.Recurrence.Cell;
import org.junit.jupiter.api.Nested;

/** What can go wrong besides: gates in libtorch's order, which is not the order of ONNX. */
class RecurrentNetworkTest {

    @Nested
    class Gated extends AutoregressiveContract {
        @Override
        AutoregressiveNetwork network(ImageShape shape, int levels) {
            return new RecurrentNetwork(shape, levels, new RecurrentSettings(Cell.GRU, 16, 12, 4));
        }
    }

    @Nested
    class Tanh extends AutoregressiveContract {
        @Override
        AutoregressiveNetwork network(ImageShape shape, int levels) {
            return new RecurrentNetwork(shape, levels, new RecurrentSettings(Cell.TANH, 16, 12, 4));
        }
    }
}
