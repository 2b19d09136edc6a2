package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Arrays;

/**
 * The ℓ2 attack of Carlini and Wagner ("Towards Evaluating the Robustness of Neural Networks", IEEE S&amp;P 2017, section VI-A),
 * untargeted: x' = ½(tanh w + 1), and Adam on ‖x' − x‖² + c · max(−margin, −κ), images scaled to 0..1; c by bisection, for each image.
 *
 * <p>Only images that are still misclassified when rounded to whole levels count as found; of those the nearest is kept. Deviations: κ is
 * 0, and the paper's 10,000 steps for each of 20 values of c become {@code steps} and {@code searches}; a test holds that more of them
 * find nothing nearer.
 *
 * @param region what may change
 * @param searches values of c
 * @param steps of Adam for each
 * @param learningRate of Adam, on w
 */
public record CarliniWagner(Region region, int searches, int steps, double learningRate) implements Attack {
    private static final double FIRST_C = 1;
    private static final double GIVE_UP_C = 1e6;
    private static final double INSIDE = 0.999999; // tanh never reaches 1

    public CarliniWagner {
        Attack.requireSteps(searches);
        Attack.requireSteps(steps);
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a learning rate above 0, found " + learningRate);
        }
    }

    @Override
    public String name() {
        return "carlini-wagner";
    }

    @Override
    public String budget() {
        return "least ℓ2";
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall box = new EpsilonBall(clean, clean.levels() - 1, region);
        Found found = new Found(box.centre(), labels.length, clean.shape().dimensions());
        int count = labels.length;
        double[] lower = new double[count];
        double[] upper = new double[count];
        double[] c = new double[count];
        Arrays.fill(upper, Double.POSITIVE_INFINITY);
        Arrays.fill(c, FIRST_C);
        for (int search = 0; search < searches; search++) {
            boolean[] fooled = descend(box, c, clean.levels() - 1, labels, victim, found);
            for (int i = 0; i < count; i++) {
                if (fooled[i]) {
                    upper[i] = Math.min(upper[i], c[i]);
                } else {
                    lower[i] = Math.max(lower[i], c[i]);
                }
                c[i] = upper[i] < Double.POSITIVE_INFINITY ? (lower[i] + upper[i]) / 2 : Math.min(GIVE_UP_C, 10 * c[i]);
            }
        }
        return box.quantise(found.nearest);
    }

    /** One run of Adam; whether each image was fooled on its way. */
    private boolean[] descend(EpsilonBall box, double[] c, double range, int[] labels, Victim victim, Found found) {
        float[] start = found.start;
        int size = found.size;
        double[] w = new double[start.length];
        double[] first = new double[start.length];
        double[] second = new double[start.length];
        float[] x = new float[start.length];
        boolean[] fooled = new boolean[labels.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = atanh(INSIDE * (2 * start[i] / range - 1));
        }
        for (int step = 1; step <= steps; step++) {
            for (int i = 0; i < x.length; i++) {
                x[i] = box.mayChange(i) ? (float) (range / 2 * (Math.tanh(w[i]) + 1)) : start[i];
            }
            Victim.Ascent ascent = victim.ascent(x, labels, Objective.MARGIN);
            found.offer(x, labels, victim, box, ascent.logits(), fooled);
            double rate = learningRate * Math.sqrt(1 - Math.pow(0.999, step)) / (1 - Math.pow(0.9, step));
            for (int i = 0; i < x.length; i++) {
                int image = i / size;
                boolean wrong = Batch.argmax(ascent.logits(), image, victim.classes()) != labels[image];
                double distance = 2 * (x[i] - start[i]) / (range * range);
                double gradient = box.mayChange(i) ? distance - (wrong ? 0 : c[image] * ascent.gradients()[i]) : 0;
                double t = 2 * x[i] / range - 1;
                gradient *= range / 2 * (1 - t * t);
                first[i] = 0.9 * first[i] + 0.1 * gradient;
                second[i] = 0.999 * second[i] + 0.001 * gradient * gradient;
                w[i] -= rate * first[i] / (Math.sqrt(second[i]) + 1e-8);
            }
        }
        return fooled;
    }

    private static double atanh(double t) {
        return 0.5 * Math.log((1 + t) / (1 - t));
    }

    /** The nearest rounded image of each that the classifier has wrong. */
    private static final class Found {
        private final float[] start;
        private final float[] nearest;
        private final double[] least;
        private final int size;

        Found(float[] start, int count, int size) {
            this.start = start;
            this.nearest = start.clone();
            this.least = new double[count];
            this.size = size;
            Arrays.fill(least, Double.POSITIVE_INFINITY);
        }

        void offer(float[] x, int[] labels, Victim victim, EpsilonBall box, float[] logits, boolean[] fooled) {
            int classes = victim.classes();
            Batch wrong = Batch.all(labels.length).keep(i -> Batch.argmax(logits, i, classes) != labels[i]);
            if (wrong.size() == 0) {
                return;
            }
            float[] rounded = x.clone();
            box.round(rounded);
            Batch nearer = wrong.keep(i -> distance(rounded, wrong.place(i)) < least[wrong.place(i)]);
            for (int i = 0; i < wrong.size(); i++) {
                fooled[wrong.place(i)] = true;
            }
            if (nearer.size() == 0) {
                return;
            }
            float[] verdicts = victim.logits(nearer.gather(rounded, size), nearer.size());
            for (int i = 0; i < nearer.size(); i++) {
                int place = nearer.place(i);
                if (Batch.argmax(verdicts, i, classes) != labels[place]) {
                    least[place] = distance(rounded, place);
                    System.arraycopy(rounded, place * size, nearest, place * size, size);
                }
            }
        }

        private double distance(float[] x, int image) {
            double squares = 0;
            for (int i = image * size; i < (image + 1) * size; i++) {
                squares += (x[i] - start[i]) * (x[i] - start[i]);
            }
            return squares;
        }
    }
}
