package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.weights.Parameters;
import io.surprisal.training.weights.Tensors;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowsAboveTest {
    private static final int IMAGES = 2;

    static List<AutoregressiveNetwork> networks() {
        GatedPixelCnnSettings dilated = new GatedPixelCnnSettings(8, 3, 8, 2, List.of(1, 2, 1));
        return List.of(
                new GatedPixelCnn(new ImageShape(1, 7, 6), 4, dilated),
                new GatedPixelCnn(new ImageShape(3, 6, 5), 4, new GatedPixelCnnSettings(12, 2, 12, 2, List.of(1))),
                new PixelCnn(new ImageShape(1, 9, 5), 4, new PixelCnnSettings(8, 3, 8)),
                new ClassConditionalPixelCnn(new ImageShape(1, 7, 6), 4, dilated, 3).given(2, 0));
    }

    /** Each row is evaluated twice, first with other levels: what is not final must leave nothing behind. */
    @ParameterizedTest
    @MethodSource("networks")
    void oneRowAfterTheOtherGivesWhatTheWholeImageGives(AutoregressiveNetwork network) {
        assertThat(network.rowByRow()).isTrue();
        ImageShape s = network.shape();
        byte[] data = new byte[IMAGES * s.dimensions()];
        Random random = new Random(6);
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) random.nextInt(network.levels());
        }
        float[] weights = AutoregressiveContract.noisyWeights(network, 17);
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradient = new NoGradGuard()) {
            Parameters parameters = network.parameters().view(Tensors.of(weights, weights.length));
            Tensor image = Likelihood.scaled(
                    Tensors.ofBytes(data, IMAGES, s.channels(), s.height(), s.width()), network.levels());
            Tensor whole = network.outputs(new TorchOperations(parameters), image);
            RowsAbove rows = new RowsAbove();
            TorchOperations byRow = new TorchOperations(parameters, rows);
            for (int row = 0; row < s.height(); row++) {
                Tensor here = image.narrow(2, row, 1);
                float[] found = Tensors.toFloats(network.outputs(byRow, here));
                float[] expected = Tensors.toFloats(whole.narrow(2, row, 1));
                assertThat(found).as("row %d", row).containsExactly(expected, within(1e-4f));
                network.outputs(byRow, here.neg());
                rows.keep(() -> network.outputs(byRow, here));
            }
        }
    }
}
