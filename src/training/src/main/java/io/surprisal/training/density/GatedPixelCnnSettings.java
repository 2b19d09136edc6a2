package io.surprisal.training.density;

import java.util.List;

/**
 * The size of a {@link GatedPixelCnn}.
 *
 * @param channels feature maps p of each stack; multiples of 16 suit the vector units
 * @param blocks layers after the first one
 * @param hidden units of the 1×1 layer before the output
 * @param features learned ramps a pixel enters through, an even number
 * @param dilations horizontal dilation of the blocks, used in turn
 * @param distribution of a dimension
 */
public record GatedPixelCnnSettings(
        int channels, int blocks, int hidden, int features, List<Integer> dilations, DistributionChoice distribution) {

    public GatedPixelCnnSettings {
        if (channels < 1 || blocks < 0 || hidden < 1 || features < 2 || features % 2 != 0) {
            throw new IllegalArgumentException(
                    "expected channels ≥ 1, blocks ≥ 0, hidden ≥ 1, features even and ≥ 2, found " + channels + ", "
                            + blocks + ", " + hidden + ", " + features);
        }
        dilations = List.copyOf(dilations);
        if (dilations.isEmpty() || dilations.stream().anyMatch(d -> d < 1)) {
            throw new IllegalArgumentException("expected at least one dilation, all ≥ 1, found " + dilations);
        }
    }

    /** With a categorical distribution. */
    public GatedPixelCnnSettings(int channels, int blocks, int hidden, int features, List<Integer> dilations) {
        this(channels, blocks, hidden, features, dilations, DistributionChoice.CATEGORICAL);
    }

    GatedPixelCnnSettings with(DistributionChoice other) {
        return new GatedPixelCnnSettings(channels, blocks, hidden, features, dilations, other);
    }

    static GatedPixelCnnSettings of(Hyperparameters values) {
        return new GatedPixelCnnSettings(
                values.whole("channels"),
                values.whole("blocks"),
                values.whole("hidden"),
                values.whole("features"),
                values.wholes("dilations"));
    }
}
