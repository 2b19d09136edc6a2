package io.surprisal.service.http;

import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.png.PngFile;

/** Levels as files that people can look at. */
final class ImageFiles {
    private ImageFiles() {}

    /** The first image of a batch as a PNG file of its own size; fewer than 256 levels are spread over the brightness there is. */
    static byte[] png(Levels images) {
        ImageShape shape = images.shape();
        int area = shape.height() * shape.width();
        byte[] interleaved = new byte[shape.dimensions()];
        for (int i = 0; i < interleaved.length; i++) {
            int level = Byte.toUnsignedInt(images.data()[i]);
            interleaved[i % area * shape.channels() + i / area] =
                    (byte) Math.round(255.0 * level / (images.levels() - 1));
        }
        return PngFile.encode(new Pixels(shape.width(), shape.height(), shape.channels(), interleaved));
    }
}
