package io.surprisal.evaluation.protocol;

import io.surprisal.detector.calibration.CalibrationSource;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.data.DataException;
import io.surprisal.training.data.DataFolder;
import io.surprisal.training.data.ImageSet;
import io.surprisal.training.data.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The images of one evaluation.
 *
 * @param name of the data set
 * @param testSha256 of all test images
 * @param classifierTraining labelled images the classifier learns from; none of them a test image, nor one of the calibration split
 *     where that could be {@code reproduced}
 * @param train images the density model was trained on
 * @param clean test images, shuffled
 * @param attacked the first of {@code clean}
 * @param others images of other data sets, to be told from clean ones
 * @param reproduced whether the bundle's calibration split was found in this data set
 */
public record EvaluationData(
        String name,
        String testSha256,
        ImageSet classifierTraining,
        ImageSet train,
        ImageSet clean,
        ImageSet attacked,
        List<ImageSet> others,
        boolean reproduced) {

    /**
     * Chooses the images.
     *
     * @param folder a data set with labels
     * @param shape that the model takes
     * @param calibration split of the bundle
     * @param modelSeed with which that split was cut
     * @throws DataException when the data set has other images or no labels
     */
    public static EvaluationData choose(
            DataFolder folder, ImageShape shape, CalibrationSource calibration, long modelSeed, EvaluationPlan plan)
            throws DataException {
        requireUsable(folder.train(), shape);
        requireUsable(folder.test(), shape);
        ImageSet all = folder.train();
        ImageSet pool = all;
        if (calibration.images() + 1 < all.size()) {
            // The last images of the shuffled set, whatever the size of the validation part before them.
            Split split = Split.of(all, 1, calibration.images(), modelSeed);
            if (split.calibration().sha256().equals(calibration.sha256())) {
                pool = split.training();
            }
        }
        boolean reproduced = pool.size() < all.size();
        // A training part is shuffled already, and only its first images are surely not validation images.
        int trained = Math.min(plan.trainImages(), pool.size());
        ImageSet train = reproduced ? pool.slice("train", 0, trained) : some(pool, "train", trained, plan.seed());
        int test = folder.test().size();
        ImageSet clean = some(folder.test(), "test", Math.min(plan.cleanImages(), test), plan.seed());
        ImageSet attacked = clean.slice("attacked", 0, Math.min(plan.attackedImages(), clean.size()));
        return new EvaluationData(
                folder.name(), folder.test().sha256(), pool, train, clean, attacked, List.of(), reproduced);
    }

    /** The same, with other data sets beside it. @throws DataException when one has images of another shape */
    public EvaluationData withOthers(List<ImageSet> sets) throws DataException {
        for (ImageSet set : sets) {
            if (!set.images().shape().equals(clean.images().shape())) {
                throw new DataException(set.name() + ": expected "
                        + clean.images().shape() + " images, as the model takes, found "
                        + set.images().shape());
            }
        }
        return new EvaluationData(
                name, testSha256, classifierTraining, train, clean, attacked, List.copyOf(sets), reproduced);
    }

    private static void requireUsable(ImageSet images, ImageShape shape) throws DataException {
        if (!images.images().shape().equals(shape)) {
            throw new DataException(images.name() + ": expected " + shape + " images, as the model takes, found "
                    + images.images().shape());
        }
        if (images.labels() == null) {
            throw new DataException(images.name() + ": expected labels (an attack needs a classifier), found none");
        }
    }

    /** A sample without replacement, in random order. */
    private static ImageSet some(ImageSet images, String name, int count, long seed) {
        int[] order = IntStream.range(0, images.size()).toArray();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(order.length - i);
            int chosen = order[j];
            order[j] = order[i];
            order[i] = chosen;
        }
        return images.pick(name, Arrays.copyOf(order, count));
    }
}
