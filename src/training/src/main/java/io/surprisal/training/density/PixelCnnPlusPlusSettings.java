package io.surprisal.training.density;

import java.util.List;

/**
 * The size of a {@link PixelCnnPlusPlus}.
 *
 * @param channels feature maps of each stream at each resolution, the finest first; multiples of 16 suit the vector units
 * @param blocks layers at each resolution, on the way down and again on the way up (at the coarsest once)
 * @param features learned ramps a pixel enters through, an even number
 * @param mixtures components of the mixture
 */
public record PixelCnnPlusPlusSettings(List<Integer> channels, List<Integer> blocks, int features, int mixtures) {

    public PixelCnnPlusPlusSettings {
        channels = List.copyOf(channels);
        blocks = List.copyOf(blocks);
        if (channels.isEmpty()
                || channels.size() != blocks.size()
                || channels.stream().anyMatch(c -> c < 1)
                || blocks.stream().anyMatch(b -> b < 0)) {
            throw new IllegalArgumentException(
                    "expected channels ≥ 1 and blocks ≥ 0 for each resolution, found " + channels + " and " + blocks);
        }
        if (features < 2 || features % 2 != 0 || mixtures < 1) {
            throw new IllegalArgumentException(
                    "expected features even and ≥ 2 and mixtures ≥ 1, found " + features + " and " + mixtures);
        }
    }

    static PixelCnnPlusPlusSettings of(Hyperparameters values) {
        return new PixelCnnPlusPlusSettings(
                values.wholes("channels"), values.wholes("blocks"), values.whole("features"), values.whole("mixtures"));
    }
}
