package io.surprisal.training.density;

/**
 * The size of a {@link PixelCnn}.
 *
 * @param channels feature maps of the residual stream, the paper's 2h; even
 * @param blocks residual blocks after the first layer
 * @param hidden units of the 1×1 layer before the output
 * @param distribution of a dimension
 */
public record PixelCnnSettings(int channels, int blocks, int hidden, DistributionChoice distribution) {

    public PixelCnnSettings {
        if (channels < 2 || blocks < 0 || hidden < 1) {
            throw new IllegalArgumentException(
                    "expected channels ≥ 2, blocks ≥ 0, hidden ≥ 1, found " + channels + ", " + blocks + ", " + hidden);
        }
    }

    /** With a categorical distribution. */
    public PixelCnnSettings(int channels, int blocks, int hidden) {
        this(channels, blocks, hidden, DistributionChoice.CATEGORICAL);
    }

    static PixelCnnSettings of(Hyperparameters values) {
        return new PixelCnnSettings(
                values.whole("channels"),
                values.whole("blocks"),
                values.whole("hidden"),
                DistributionChoice.of(values));
    }
}
