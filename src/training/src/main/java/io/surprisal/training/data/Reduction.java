package io.surprisal.training.data;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How 8-bit images become images of the levels a model counts over, where it is trained and measured. Where it serves, the detector's
 * {@link Quantiser} rounds, whatever was done here: {@link #served} is what thresholds have to come from.
 */
public sealed interface Reduction {

    /** L of the images that come out. */
    int levels();

    /** What is kept of the training images for the whole training. */
    Levels kept(Levels images, long seed);

    /** What one step sees of the images of its batch, which are kept ones. */
    Levels seen(Levels batch, long seed);

    /** The images a likelihood is measured on: the same for the same seed. */
    Levels measured(Levels images, long seed);

    /** The images as the detector reads them. */
    default Levels served(Levels images) {
        return new Quantiser(images.shape(), levels()).quantise(images);
    }

    /** Whether what is measured are the images as the detector reads them. */
    default boolean measuresWhatIsServed() {
        return true;
    }

    /** The same, and then something happens to the images, in training and where they are measured. What is served is as it was. */
    default Reduction disturbed() {
        return new Disturbed(this);
    }

    /**
     * The rule of a number of levels, and of the option {@code --binarise}.
     *
     * @param binarise {@code dynamic}, {@code static}, {@code threshold}, or {@code null} for rounding to any number of levels
     * @throws IllegalArgumentException when it is something else, or given for other than 2 levels
     */
    static Reduction of(int levels, @Nullable String binarise) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("expected 2 to 256 levels, found " + levels);
        }
        if (binarise == null) {
            return new Rounded(levels);
        }
        if (levels != 2) {
            throw new IllegalArgumentException("binarised images have 2 levels, found " + levels);
        }
        return switch (binarise) {
            case "dynamic" -> new Bernoulli(true);
            case "static" -> new Bernoulli(false);
            case "threshold" -> new Rounded(2);
            default ->
                throw new IllegalArgumentException(
                        "expected dynamic, static or threshold, found " + binarise.toLowerCase(Locale.ROOT));
        };
    }

    /** The detector's own rule: level = round(value · (L − 1) / 255); for two levels a threshold at 128. */
    record Rounded(int levels) implements Reduction {
        @Override
        public Levels kept(Levels images, long seed) {
            return served(images);
        }

        @Override
        public Levels seen(Levels batch, long seed) {
            return batch;
        }

        @Override
        public Levels measured(Levels images, long seed) {
            return served(images);
        }
    }

    /**
     * Level 1 with a probability of value / 255 (Salakhutdinov and Murray 2008): binarised MNIST as density models are compared on.
     *
     * @param dynamic whether every step of training draws anew, instead of once for all; what is measured is drawn once in any case
     */
    record Bernoulli(boolean dynamic) implements Reduction {
        @Override
        public int levels() {
            return 2;
        }

        @Override
        public Levels kept(Levels images, long seed) {
            return dynamic ? images : drawn(images, seed);
        }

        @Override
        public Levels seen(Levels batch, long seed) {
            return dynamic ? drawn(batch, seed) : batch;
        }

        @Override
        public Levels measured(Levels images, long seed) {
            return drawn(images, seed);
        }

        @Override
        public boolean measuresWhatIsServed() {
            return false;
        }

        private static Levels drawn(Levels images, long seed) {
            Random random = new Random(seed);
            byte[] data = new byte[images.data().length];
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (random.nextInt(255) < Byte.toUnsignedInt(images.data()[i]) ? 1 : 0);
            }
            return Levels.of(images.shape(), 2, images.count(), data);
        }
    }

    /** What the background of a likelihood ratio is fitted to: each image with a {@link Disturbance}, in every step another one. */
    record Disturbed(Reduction before) implements Reduction {
        @Override
        public int levels() {
            return before.levels();
        }

        @Override
        public Levels kept(Levels images, long seed) {
            return before.kept(images, seed);
        }

        @Override
        public Levels seen(Levels batch, long seed) {
            return Disturbance.of(before.seen(batch, seed), seed);
        }

        @Override
        public Levels measured(Levels images, long seed) {
            return Disturbance.of(before.measured(images, seed), seed);
        }

        @Override
        public boolean measuresWhatIsServed() {
            return false;
        }
    }
}
