package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.weights.ParameterLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiplicationsTest {
    private static final ImageShape GREY = new ImageShape(1, 8, 8);
    private static final ImageShape RGB = new ImageShape(3, 8, 8);

    @Test
    void aNetworkOfMatricesMultipliesOnceForEachWeight() {
        AutoregressiveNetwork made =
                Families.of("made").parse(GREY, 2, Map.of("hidden-layers", "50,70", "features", "1"));

        assertThat(Multiplications.of(made)).isEqualTo(weights(made));
    }

    @Test
    void aRecurrentStepMultipliesTheInputAndTheStateBeforeIt() {
        long small = recurrent(16);
        long large = recurrent(32);

        // At each of 64 steps three gates of (inputs + h) · h, and h · 4 to the next layer; the inputs are few.
        long squares = 64 * 3 * (32 * 32 - 16 * 16);
        assertThat(large - small).isGreaterThan(squares).isLessThanOrEqualTo(squares + 64 * 16 * (3 * 4 + 4));
    }

    @Test
    void aConvolutionMultipliesItsKernelAtEachPixel() {
        AutoregressiveNetwork gated = Families.of("gated-pixelcnn").parse(GREY, 256, Map.of());

        // Every one of them has as many rows and columns out as the image has.
        assertThat(Multiplications.of(gated)).isEqualTo(64L * weights(gated));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gated-pixelcnn",
                "pixelcnn++",
                "class-conditional-pixelcnn",
                "pixelcnn",
                "made",
                "row-lstm",
                "image-transformer",
                "recurrent"
            })
    void everyFamilyCanBeCounted(String family) {
        assertThat(Multiplications.of(Families.of(family).parse(GREY, 256, Map.of())))
                .isGreaterThan((long) GREY.dimensions() * 256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gated-pixelcnn", "pixelcnn"})
    void coloursCount(String family) {
        assertThat(Multiplications.of(Families.of(family).parse(RGB, 256, Map.of("channels", "36", "hidden", "36"))))
                .isGreaterThan((long) RGB.dimensions() * 256 * 12);
    }

    private static long recurrent(int state) {
        return Multiplications.of(Families.of("recurrent")
                .parse(GREY, 2, Map.of("state", Integer.toString(state), "hidden", "4", "features", "1")));
    }

    private static int weights(AutoregressiveNetwork network) {
        return network.parameters().entries().stream()
                .filter(entry -> entry.name().endsWith(".weight"))
                .mapToInt(ParameterLayout.Entry::size)
                .sum();
    }
}
