package io.surprisal.service.model;

import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.Pixels;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Image files in, levels of one model out. Thread-safe. */
public final class ImageReader {
    private static final int QUICK_SIDE = 128;
    private static final int QUICK_BYTES = 64 * 1024;

    private final Quantiser quantiser;
    private final ImageDecoder decoder;
    /** Refuses by the header whatever is larger than the model's shape, so that what it does take is small; null for large shapes. */
    private final Optional<ImageDecoder> quickDecoder;

    ImageReader(ImageShape shape, int levels, ImageLimits limits) {
        this.quantiser = new Quantiser(shape, levels);
        this.decoder = new ImageDecoder(limits);
        int side = Math.max(shape.height(), shape.width());
        this.quickDecoder = side > QUICK_SIDE
                ? Optional.empty()
                : Optional.of(new ImageDecoder(new ImageLimits(QUICK_BYTES, side, (long) side * side)));
    }

    /**
     * Decodes and quantises the images in their order.
     *
     * @throws UnreadableImageException when one is no image, or not of the model's shape; the message says which one it is
     */
    public Levels read(List<byte[]> encoded) {
        return read(encoded, decoder);
    }

    /**
     * Does the same when it surely takes no more than about a millisecond, which an event loop can spare: handing a small image to another
     * thread costs more than decoding it.
     *
     * @return empty when it might take longer, and also when an image is refused: {@link #read} then says why
     */
    public Optional<Levels> readQuickly(List<byte[]> encoded) {
        if (quickDecoder.isEmpty()
                || encoded.stream().mapToLong(image -> image.length).sum() > QUICK_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(encoded, quickDecoder.get()));
        } catch (UnreadableImageException e) {
            return Optional.empty();
        }
    }

    private Levels read(List<byte[]> encoded, ImageDecoder decoder) {
        List<Pixels> pixels = new ArrayList<>(encoded.size());
        for (int i = 0; i < encoded.size(); i++) {
            pixels.add(decode(encoded.get(i), i, encoded.size(), decoder));
        }
        return quantiser.quantise(pixels);
    }

    private static Pixels decode(byte[] encoded, int image, int of, ImageDecoder decoder) {
        try {
            return decoder.decode(encoded);
        } catch (UnreadableImageException e) {
            throw of == 1
                    ? e
                    : new UnreadableImageException("%s (image %d of %d)".formatted(e.getMessage(), image + 1, of), e);
        }
    }
}
