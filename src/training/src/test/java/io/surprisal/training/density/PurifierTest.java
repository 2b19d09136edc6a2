package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import org.junit.jupiter.api.Test;

class PurifierTest {
    private static final AutoregressiveNetwork NETWORK =
            new PixelCnn(new ImageShape(1, 5, 5), 16, new PixelCnnSettings(8, 2, 8));

    private final float[] weights = AutoregressiveContract.noisyWeights(NETWORK, 21);
    private final Purifier purifier = new Purifier(NETWORK, weights);
    private final Levels images = new Sampler(NETWORK, weights).sample(4, 1, 2, share -> {});

    @Test
    void noLevelGoesFurtherThanAskedFor() {
        assertThat(purifier.purify(images, 0, share -> {}).data()).isEqualTo(images.data());
        byte[] near = purifier.purify(images, 2, share -> {}).data();
        assertThat(near).isNotEqualTo(images.data());
        for (int i = 0; i < near.length; i++) {
            assertThat(Math.abs(near[i] - images.data()[i])).isLessThanOrEqualTo(2);
        }
    }

    /** With the whole range free it is the greedy mode, whatever the image was: what a temperature of next to nothing draws. */
    @Test
    void everyLevelFreeGivesTheLikeliestOneOfEveryConditional() {
        Levels free = purifier.purify(images, 15, share -> {});
        Levels cold = new Sampler(NETWORK, weights).sample(4, 1e-4, 1, share -> {});
        assertThat(free.data()).isEqualTo(cold.data());
    }

    @Test
    void aNegativeDistanceIsRefused() {
        assertThatThrownBy(() -> purifier.purify(images, -1, share -> {}))
                .hasMessage("expected a distance of 0 levels or more, found -1");
    }
}
