package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelCnnTest extends AutoregressiveContract {
    private static final ImageShape WIDE = new ImageShape(1, 6, 12);
    private static final int ROW = 5;
    private static final int COLUMN = 2;

    @Override
    AutoregressiveNetwork network(ImageShape shape, int levels) {
        return new PixelCnn(shape, levels, new PixelCnnSettings(12, 3, 12));
    }

    @Override
    boolean seesPredecessor(ImageShape shape, int d) {
        return isNotInTheBlindSpot(shape, d);
    }

    /** The end of the row above is in the blind spot of a row's first pixel, but for what the first 7×7 kernel reaches. */
    static boolean isNotInTheBlindSpot(ImageShape shape, int d) {
        boolean startsRow = d % (shape.width() * shape.channels()) == 0;
        return d > 0 && (!startsRow || shape.width() <= 4);
    }

    /**
     * From (5, 2), the 3×3 kernels climb one column a row and the 7×7 kernel reaches three further: (4, 6) and (3, 7) lie beyond,
     * however deep the network is.
     */
    @Test
    void thePastAboveAndToTheRightIsInTheBlindSpot() {
        PixelCnn network = new PixelCnn(WIDE, 4, new PixelCnnSettings(12, 8, 12));
        for (int column = COLUMN + 4; column < WIDE.width(); column++) {
            assertThat(hasInfluence(network, ROW - 1, column))
                    .as("(4, %d)", column)
                    .isFalse();
        }
        for (int column = COLUMN + 5; column < WIDE.width(); column++) {
            assertThat(hasInfluence(network, ROW - 2, column))
                    .as("(3, %d)", column)
                    .isFalse();
        }
    }

    @Test
    void whatIsOnThisSideOfTheDiagonalHasInfluence() {
        PixelCnn network = new PixelCnn(WIDE, 4, new PixelCnnSettings(12, 8, 12));
        assertThat(hasInfluence(network, ROW - 1, COLUMN + 3)).isTrue();
        assertThat(hasInfluence(network, ROW - 2, COLUMN + 4)).isTrue();
        assertThat(hasInfluence(network, 0, 0)).isTrue();
    }

    @Test
    void theGatedModelHasNoBlindSpot() {
        GatedPixelCnn network = new GatedPixelCnn(WIDE, 4, new GatedPixelCnnSettings(12, 8, 12, 4, List.of(1, 2)));
        for (int row = 0; row < ROW; row++) {
            for (int column = 0; column < WIDE.width(); column++) {
                assertThat(hasInfluence(network, row, column))
                        .as("(%d, %d)", row, column)
                        .isTrue();
            }
        }
    }

    /** On the exported conditional at (5, 2): with other values there, and several images around them. */
    private static boolean hasInfluence(AutoregressiveNetwork network, int row, int column) {
        int here = ROW * WIDE.width() + COLUMN;
        int there = row * WIDE.width() + column;
        try (DensityModel model = export(network, noisyWeights(network, 12))) {
            Levels images = images(WIDE, 4, 8, 13);
            byte[] changed = images.data().clone();
            for (int image = 0; image < images.count(); image++) {
                int at = image * WIDE.dimensions() + there;
                changed[at] = (byte) ((changed[at] + 2) % 4);
            }
            float[] before = model.evaluate(images).logProb();
            float[] after =
                    model.evaluate(Levels.of(WIDE, 4, images.count(), changed)).logProb();
            boolean influence = false;
            for (int image = 0; image < images.count(); image++) {
                int at = image * WIDE.dimensions() + here;
                influence |= before[at] != after[at];
            }
            return influence;
        }
    }

    @Test
    void channelsThatDoNotDivideIntoRedGreenAndBlueAreRefused() {
        assertThatThrownBy(() -> new PixelCnn(new ImageShape(3, 8, 8), 256, new PixelCnnSettings(32, 2, 32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiples of 6 and 3");
    }
}
