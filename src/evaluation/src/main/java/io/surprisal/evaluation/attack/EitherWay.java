package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.stream.IntStream;

/**
 * Two attacks on what decides in two ways, the cheaper first: an image that the first gets through stays as it is, and the others are attacked
 * by the second as well. Of two images that fool the classifier the one with the lower score is kept.
 *
 * @param name as in reports
 * @param first for all images
 * @param second for those that the first does not get through
 * @param guard the detector that both want to get past
 * @param enough a score up to which an image is through, at whatever rate is asked about
 */
public record EitherWay(String name, Attack first, Attack second, Guard guard, double enough) implements Attack {

    @Override
    public String budget() {
        return first.budget();
    }

    @Override
    public Region region() {
        return first.region();
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        Levels one = first.perturb(clean, labels, victim);
        double[] scores = scores(one, labels, victim);
        int[] left = IntStream.range(0, labels.length)
                .filter(image -> scores[image] > enough)
                .toArray();
        if (left.length == 0) {
            return one;
        }
        int[] own = IntStream.of(left).map(image -> labels[image]).toArray();
        Levels other = second.perturb(clean.pick(left), own, victim);
        double[] others = scores(other, own, victim);
        int size = clean.shape().dimensions();
        byte[] best = one.data().clone();
        for (int i = 0; i < left.length; i++) {
            if (others[i] < scores[left[i]]) {
                System.arraycopy(other.data(), i * size, best, left[i] * size, size);
            }
        }
        return Levels.of(clean.shape(), clean.levels(), clean.count(), best);
    }

    /** What the detector says of each; infinite where the classifier is right, or where nothing can be said, which is flagged. */
    private double[] scores(Levels images, int[] labels, Victim victim) {
        float[] logits = victim.logits(Batch.floats(images), labels.length);
        double[] scores = guard.scores(images);
        for (int image = 0; image < labels.length; image++) {
            boolean right = Batch.argmax(logits, image, victim.classes()) == labels[image];
            if (right || Double.isNaN(scores[image])) {
                scores[image] = Double.POSITIVE_INFINITY;
            }
        }
        return scores;
    }
}
