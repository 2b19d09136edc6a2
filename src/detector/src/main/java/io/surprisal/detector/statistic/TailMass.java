package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/**
 * The mean surprisal of the most surprising fiftieth of an image's dimensions (one at least), nats, one-sided: a few values that the
 * model thought next to impossible, in an image that is ordinary otherwise. Patches and hot pixels; blind to small changes everywhere.
 * Needs nothing but the likelihood. +∞ for an image with an impossible dimension.
 */
public record TailMass() implements Measured {

    public static final String NAME = "tail-mass";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "mean of its largest surprisals";
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return true;
    }

    @Override
    public double of(ImageConditionals image) {
        LargestSurprisals tail = image.largest();
        return tail.largest() / tail.dimensions();
    }
}
