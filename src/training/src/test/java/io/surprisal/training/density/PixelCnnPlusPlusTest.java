package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract's images have odd sides, and one of a single row: halving and enlarging must not shift them. */
class PixelCnnPlusPlusTest extends AutoregressiveContract {

    @Override
    AutoregressiveNetwork network(ImageShape shape, int levels) {
        return new PixelCnnPlusPlus(
                shape, levels, new PixelCnnPlusPlusSettings(List.of(6, 8, 10), List.of(1, 1, 1), 4, 3));
    }

    @Override
    Levels imagesToCompareOn(AutoregressiveNetwork network, float[] weights) {
        return new Sampler(network, weights).sample(16, 1, 7, share -> {});
    }

    @Test
    void aListOfBlocksForEachResolutionIsRequired() {
        assertThatThrownBy(() -> new PixelCnnPlusPlusSettings(List.of(16, 32), List.of(1), 4, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("for each resolution, found [16, 32] and [1]");
    }
}
