package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;

/**
 * How much of an image's surprisal lies in the most surprising fiftieth of its dimensions: 0.02 where all are alike, up to 1. Much for
 * simple images of another kind (all surprise at their edges), little for noise, where everything surprises alike; {@link Combined}
 * reads both sides, a threshold on this alone only the upper. Needs nothing but the likelihood.
 *
 * <p>0 for an image without any surprisal, 1 for one with an impossible dimension.
 */
public record TailShare() implements Measured {

    public static final String NAME = "tail-share";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String words() {
        return "share of its surprise in few places";
    }

    @Override
    public String adjective() {
        return "uneven";
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return true;
    }

    @Override
    public double of(ImageConditionals image) {
        LargestSurprisals tail = image.largest();
        if (tail.largest() == Double.POSITIVE_INFINITY) {
            return 1;
        }
        return tail.all() > 0 ? tail.largest() / tail.all() : 0;
    }
}
