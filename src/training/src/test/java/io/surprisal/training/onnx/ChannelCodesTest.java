package io.surprisal.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can go wrong: one scale for all channels, a code that wraps around, a bias in other steps than the products it is added to. */
class ChannelCodesTest {
    private static final float INPUT_SCALE = 0.03f;

    @Test
    void everyWeightIsWithinHalfAStepOfItsOwnChannel() {
        int channels = 5;
        int each = 12;
        float[] weights = new float[channels * each];
        float[] bias = new float[channels];
        Random random = new Random(4);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextGaussian() * Math.pow(10, i / each - 2)); // 0.01 to 100
        }
        for (int channel = 0; channel < channels; channel++) {
            bias[channel] = (float) random.nextGaussian();
        }
        ChannelCodes codes = ChannelCodes.of(weights, bias, INPUT_SCALE);
        for (int i = 0; i < weights.length; i++) {
            float scale = codes.scales()[i / each];
            assertThat(codes.weights()[i]).isGreaterThan((byte) -128);
            assertThat(scale * codes.weights()[i]).isCloseTo(weights[i], within(0.5001f * scale));
        }
        for (int channel = 0; channel < channels; channel++) {
            float step = codes.scales()[channel] * INPUT_SCALE;
            assertThat(codes.bias()[channel] * step).isCloseTo(bias[channel], within(0.501f * step));
        }
        assertThat(codes.scales()[4]).isGreaterThan(1000 * codes.scales()[0]);
    }

    @Test
    void theLargestWeightOfAChannelHasTheLargestCode() {
        ChannelCodes codes = ChannelCodes.of(new float[] {-2, 1, 0.5f, 0.25f}, new float[] {0, 0}, 1);
        assertThat(codes.weights()).containsExactly(-127, 64, 127, 64);
        assertThat(codes.bias()).containsExactly(0, 0);
    }

    @Test
    void aChannelOfZerosKeepsItsBias() {
        ChannelCodes codes = ChannelCodes.of(new float[] {0, 0}, new float[] {3}, INPUT_SCALE);
        assertThat(codes.weights()).containsOnly(0);
        assertThat((double) codes.bias()[0] * codes.scales()[0] * INPUT_SCALE).isCloseTo(3, within(1e-6));
    }

    @Test
    void aBiasThatTinyWeightsHaveNoStepsForMakesTheStepsLarger() {
        ChannelCodes codes = ChannelCodes.of(new float[] {1e-20f}, new float[] {-5}, INPUT_SCALE);
        assertThat((double) codes.bias()[0] * codes.scales()[0] * INPUT_SCALE).isCloseTo(-5, within(1e-6));
    }
}
