package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;

class ImageTransformerTest extends AutoregressiveContract {

    @Override
    AutoregressiveNetwork network(ImageShape shape, int levels) {
        return new ImageTransformer(shape, levels, new ImageTransformerSettings(12, 2, 2, 12, 4));
    }
}
