package io.surprisal.evaluation.attack;

import java.util.Arrays;
import java.util.Random;

/** Classifiers that need no network. */
final class FakeVictim {

    private FakeVictim() {}

    /** Logits W·x + b: what an attack should do to it has a closed form. */
    record Linear(float[][] weights, float[] bias) implements Victim {

        @Override
        public int classes() {
            return weights.length;
        }

        @Override
        public float[] logits(float[] images, int count) {
            int size = images.length / count;
            float[] logits = new float[count * classes()];
            for (int i = 0; i < logits.length; i++) {
                int k = i % classes();
                double sum = bias[k];
                for (int d = 0; d < size; d++) {
                    sum += weights[k][d] * images[i / classes() * size + d];
                }
                logits[i] = (float) sum;
            }
            return logits;
        }

        @Override
        public Ascent ascent(float[] images, int[] labels, Objective objective) {
            int size = images.length / labels.length;
            float[] logits = logits(images, labels.length);
            float[] gradients = new float[images.length];
            float[] derivatives = new float[classes()];
            for (int i = 0; i < labels.length; i++) {
                objective.derivatives(
                        Arrays.copyOfRange(logits, i * classes(), (i + 1) * classes()), labels[i], derivatives);
                for (int d = 0; d < size; d++) {
                    for (int k = 0; k < classes(); k++) {
                        gradients[i * size + d] += derivatives[k] * weights[k][d];
                    }
                }
            }
            return new Ascent(logits, gradients);
        }
    }

    /** Another answer each time, as on a winding loss. */
    static Victim winding(long seed) {
        Random random = new Random(seed);
        return new Victim() {
            @Override
            public int classes() {
                return 3;
            }

            @Override
            public float[] logits(float[] images, int count) {
                return gaussians(count * 3);
            }

            @Override
            public Ascent ascent(float[] images, int[] labels, Objective objective) {
                return new Ascent(gaussians(labels.length * 3), gaussians(images.length));
            }

            private float[] gaussians(int count) {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                return values;
            }
        };
    }

    /** No gradient anywhere. */
    static Victim flat(int size) {
        return new Linear(new float[3][size], new float[3]);
    }

    /** Nobody's business. */
    static Victim forbidden() {
        return new Victim() {
            @Override
            public int classes() {
                throw new AssertionError("a control asked for the classifier");
            }

            @Override
            public float[] logits(float[] images, int count) {
                throw new AssertionError("a control asked for logits");
            }

            @Override
            public Ascent ascent(float[] images, int[] labels, Objective objective) {
                throw new AssertionError("a control asked for a gradient");
            }
        };
    }
}
