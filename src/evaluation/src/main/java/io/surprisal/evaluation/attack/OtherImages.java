package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;

/**
 * The crudest attack: something else is shown to the classifier, an image of another data set. Out-of-distribution images have no label, so they are
 * never "successful"; all of them count.
 *
 * @param name of the data set
 * @param images of the same shape
 */
public record OtherImages(String name, Levels images) implements Attack {

    @Override
    public String budget() {
        return "other data";
    }

    @Override
    public Region region() {
        return Region.EVERYWHERE;
    }

    /** As many of them as there are clean ones, or all. */
    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        if (!images.shape().equals(clean.shape()) || images.levels() != clean.levels()) {
            throw new IllegalArgumentException(name + ": expected images of " + clean.shape() + " with "
                    + clean.levels() + " levels, found " + images.shape() + " with " + images.levels());
        }
        return images.slice(0, Math.min(images.count(), clean.count()));
    }

    @Override
    public boolean keepsLabels() {
        return false;
    }
}
