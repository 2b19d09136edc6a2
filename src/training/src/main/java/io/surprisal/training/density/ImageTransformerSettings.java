package io.surprisal.training.density;

/**
 * The size of an {@link ImageTransformer}.
 *
 * @param width of the vectors; a multiple of the heads
 * @param heads of attention
 * @param blocks of attention and dense layer
 * @param hidden units before the output
 * @param features ramps a channel enters through: even, or 1 for the scaled level itself
 */
public record ImageTransformerSettings(int width, int heads, int blocks, int hidden, int features) {

    public ImageTransformerSettings {
        if (width < 1 || heads < 1 || blocks < 1 || hidden < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "expected a width that is a multiple of the heads, and blocks and hidden " + "units ≥ 1, found "
                            + width + ", " + heads + ", " + blocks + ", " + hidden);
        }
    }

    static ImageTransformerSettings of(Hyperparameters values) {
        return new ImageTransformerSettings(
                values.whole("width"),
                values.whole("heads"),
                values.whole("blocks"),
                values.whole("hidden"),
                values.whole("features"));
    }
}
