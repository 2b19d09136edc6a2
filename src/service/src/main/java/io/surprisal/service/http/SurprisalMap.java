package io.surprisal.service.http;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.service.png.PngFile;

/**
 * A picture of where the model is surprised: each pixel's surprisal, its channels added up, from black for none to white for
 * {@value #WHITE_BITS} bits a channel and more. The scale is fixed, so that pictures can be compared: a uniform guess among 256 levels
 * costs 8 bits, half of white.
 */
final class SurprisalMap {
    /** Bits a channel at which a pixel is white. */
    static final int WHITE_BITS = 16;

    private SurprisalMap() {}

    /** Draws the first image of {@code conditionals} as a PNG file of its own size. */
    static byte[] draw(Conditionals conditionals, ImageShape shape) {
        int area = shape.height() * shape.width();
        double white = WHITE_BITS * Math.log(2) * shape.channels();
        byte[] grey = new byte[area];
        for (int pixel = 0; pixel < area; pixel++) {
            double nats = 0;
            for (int channel = 0; channel < shape.channels(); channel++) {
                nats -= conditionals.logProb()[channel * area + pixel];
            }
            grey[pixel] = (byte) Math.round(255 * Math.clamp(nats / white, 0, 1));
        }
        return PngFile.encode(new Pixels(shape.width(), shape.height(), 1, grey));
    }
}
