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

/** Image files or tensors in, levels of one model out. Thread-safe. */
public final class ImageReader {
    private static final int QUICK_SIDE = 128;
    private static final int QUICK_BYTES = 64 * 1024;
    private static final int QUICK_LEVELS = 512 * 1024;

    private final ImageShape shape;
    private final int levels;
    private final Quantiser quantiser;
    private final ImageDecoder decoder;
    /** Refuses by the header whatever is larger than the model's shape, so that what it does take is small; null for large shapes. */
    private final Optional<ImageDecoder> quickDecoder;

    ImageReader(ImageShape shape, int levels, ImageLimits limits) {
        this.shape = shape;
        this.levels = levels;
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

    /**
     * Checks levels that need no decoding, and copies them.
     *
     * @param shape N, C, H, W
     * @param data as many bytes as the shape says
     * @throws UnreadableImageException when the shape is not the model's, or a level is beyond it
     */
    public Levels read(List<Long> shape, byte[] data) {
        long count = shape.getFirst();
        List<Long> expected =
                List.of(count, (long) this.shape.channels(), (long) this.shape.height(), (long) this.shape.width());
        if (!shape.equals(expected)) {
            throw new UnreadableImageException("expected a tensor of shape [N, %d, %d, %d], found %s"
                    .formatted(this.shape.channels(), this.shape.height(), this.shape.width(), shape));
        }
        try {
            return Levels.of(this.shape, levels, Math.toIntExact(count), data);
        } catch (IllegalArgumentException e) {
            throw new UnreadableImageException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    /** Does the same when an event loop can spare the time; empty otherwise. */
    public Optional<Levels> readQuickly(List<Long> shape, byte[] data) {
        return data.length > QUICK_LEVELS ? Optional.empty() : Optional.of(read(shape, data));
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
