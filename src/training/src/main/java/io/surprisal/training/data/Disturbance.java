package io.surprisal.training.data;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;
import java.util.Random;

/**
 * Images to which something has happened that has nothing to do with what they show: what the background model of a likelihood ratio is
 * fitted to (Ren et al., "Likelihood Ratios for Out-of-Distribution Detection", 2019, section 3). There, pixels are replaced by levels
 * drawn uniformly, independently of each other; that is {@link #PIXELS}. The other two are what a sensor or an attacker without a model
 * would do, and no attack: drawn without a classifier, and without looking at any.
 */
enum Disturbance {
    /** ±a, or everything from −a to a, on all dimensions or on those that are not black; a from 1 to 1/16 of the range. */
    NOISE {
        @Override
        void apply(Levels images, int from, byte[] data, Random random) {
            int top = images.levels() - 1;
            int most = Math.max(1, images.levels() / 16);
            int amplitude = (int) Math.round(Math.exp(random.nextDouble() * Math.log(most)));
            boolean signs = random.nextBoolean();
            boolean black = random.nextInt(3) == 0;
            for (int i = from; i < from + images.shape().dimensions(); i++) {
                int level = Byte.toUnsignedInt(data[i]);
                if (level > 0 || black) {
                    int change = signs
                            ? random.nextBoolean() ? amplitude : -amplitude
                            : random.nextInt(2 * amplitude + 1) - amplitude;
                    data[i] = (byte) Math.clamp(level + change, 0, top);
                }
            }
        }
    },

    /** A square of any levels, or of more and more black and white, somewhere. */
    SQUARE {
        @Override
        void apply(Levels images, int from, byte[] data, Random random) {
            ImageShape shape = images.shape();
            int largest = Math.max(1, Math.min(shape.height(), shape.width()) * 2 / 5);
            int side = 1 + Math.min(2, largest - 1) + random.nextInt(Math.max(1, largest - 2));
            int row = random.nextInt(shape.height() - side + 1);
            int column = random.nextInt(shape.width() - side + 1);
            double contrast = random.nextDouble();
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int y = row; y < row + side; y++) {
                    for (int x = column; x < column + side; x++) {
                        boolean extreme = random.nextDouble() < contrast;
                        int level =
                                extreme ? random.nextInt(2) * (images.levels() - 1) : random.nextInt(images.levels());
                        data[from + (channel * shape.height() + y) * shape.width() + x] = (byte) level;
                    }
                }
            }
        }
    },

    /** A share of the pixels, 0.5 to 10 %, at least one, each replaced by one of any colour. */
    PIXELS {
        @Override
        void apply(Levels images, int from, byte[] data, Random random) {
            ImageShape shape = images.shape();
            int area = shape.height() * shape.width();
            double share = 0.005 * Math.exp(random.nextDouble() * Math.log(20));
            boolean extreme = random.nextBoolean();
            int certain = random.nextInt(area);
            for (int pixel = 0; pixel < area; pixel++) {
                if (random.nextDouble() < share || pixel == certain) {
                    for (int channel = 0; channel < shape.channels(); channel++) {
                        int level =
                                extreme ? random.nextInt(2) * (images.levels() - 1) : random.nextInt(images.levels());
                        data[from + channel * area + pixel] = (byte) level;
                    }
                }
            }
        }
    };

    abstract void apply(Levels images, int from, byte[] data, Random random);

    /** How many of eight images, in the order of the values: noise is what is hardest to tell from fabric and fur. */
    private static final int[] SHARES = {4, 2, 2};

    /** Each image with one of them, drawn anew; the same for the same seed. */
    static Levels of(Levels images, long seed) {
        Random random = new Random(seed);
        byte[] data = images.data().clone();
        for (int image = 0; image < images.count(); image++) {
            drawn(random).apply(images, image * images.shape().dimensions(), data, random);
        }
        return Levels.of(images.shape(), images.levels(), images.count(), data);
    }

    private static Disturbance drawn(Random random) {
        int place = random.nextInt(Arrays.stream(SHARES).sum());
        for (Disturbance one : values()) {
            place -= SHARES[one.ordinal()];
            if (place < 0) {
                return one;
            }
        }
        throw new IllegalStateException("the shares are fewer than themselves");
    }
}
