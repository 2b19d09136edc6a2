package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.quantise.ImageShape;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatedPixelCnnTest extends AutoregressiveContract {

    @Override
    AutoregressiveNetwork network(ImageShape shape, int levels) {
        return new GatedPixelCnn(shape, levels, new GatedPixelCnnSettings(12, 3, 12, 4, List.of(1, 2)));
    }

    @Test
    void channelsThatDoNotDivideIntoRedGreenAndBlueAreRefused() {
        assertThatThrownBy(() -> new GatedPixelCnn(
                        new ImageShape(3, 8, 8), 256, new GatedPixelCnnSettings(32, 2, 32, 4, List.of(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiples of the image's 3 channels");
    }

    /** Cropped kernels, so every weight counted is one that is used: the figure of the shipped model's card. */
    @Test
    void theShippedSizeHasAsManyParametersAsItsCardSays() {
        GatedPixelCnn network = new GatedPixelCnn(
                new ImageShape(1, 28, 28), 256, new GatedPixelCnnSettings(32, 8, 64, 8, List.of(1, 2, 1, 4)));
        assertThat(network.parameters().size()).isEqualTo(191_792);
    }
}
