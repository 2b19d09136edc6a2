package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.Levels;
import java.util.Random;

/**
 * The nearest image in ℓ2 that fools, found by asking for nothing but the class of images (HopSkipJumpAttack, Chen, Jordan and Wainwright,
 * IEEE S&amp;P 2020, algorithm 2, untargeted, ℓ2).
 *
 * <p>Each iteration goes along the line to the clean image to just before the border, estimates the border's normal there by the classes of
 * images around it (equations 9 and 16: the number of queries grows with the root of the iterations, their distance is that to the clean
 * image over the root of the dimensions, and one level a dimension at least), and takes the largest step along it that still fools. Iterates are rounded before they are asked about, as
 * files are. An image for which no noise fools stays as it is.
 *
 * @param iterations at least 1
 * @param queries for the first estimate; 100 in the paper
 * @param seed of the noise
 */
public record HopSkipJump(int iterations, int queries, long seed) implements Attack {
    private static final int STARTS = 50;
    private static final int HALVINGS = 12;

    public HopSkipJump {
        Attack.requireSteps(iterations);
        Attack.requireSteps(queries);
    }

    @Override
    public String name() {
        return "hop-skip-jump";
    }

    @Override
    public String budget() {
        return "least ℓ2";
    }

    @Override
    public Region region() {
        return Region.EVERYWHERE;
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall box = new EpsilonBall(clean, clean.levels() - 1, Region.EVERYWHERE);
        float[] result = box.centre();
        int size = clean.shape().dimensions();
        Random random = new Random(seed);
        for (int image = 0; image < labels.length; image++) {
            float[] centre = new float[size];
            System.arraycopy(result, image * size, centre, 0, size);
            float[] found = new Search(victim, labels[image], centre, clean.levels() - 1, random).run();
            System.arraycopy(found, 0, result, image * size, size);
        }
        return box.quantise(result);
    }

    /** For one image. */
    private final class Search {
        private final Victim victim;
        private final int label;
        private final float[] clean;
        private final int highest;
        private final Random random;

        Search(Victim victim, int label, float[] clean, int highest, Random random) {
            this.victim = victim;
            this.label = label;
            this.clean = clean;
            this.highest = highest;
            this.random = random;
        }

        float[] run() {
            if (fools(clean)) {
                return clean;
            }
            float[] x = start();
            if (x.length == 0) {
                return clean;
            }
            x = towardsClean(x);
            for (int iteration = 1; iteration <= iterations; iteration++) {
                double distance = distance(x);
                float[] normal = normal(x, distance / Math.sqrt(clean.length), (int) (queries * Math.sqrt(iteration)));
                double step = distance / Math.sqrt(iteration);
                float[] next = moved(x, normal, step);
                for (int halving = 0; halving < HALVINGS && !fools(next); halving++) {
                    step /= 2;
                    next = moved(x, normal, step);
                }
                if (fools(next)) {
                    next = towardsClean(next);
                    if (distance(next) < distance) {
                        x = next;
                    }
                }
            }
            return x;
        }

        /** Noise that fools, or nothing. */
        private float[] start() {
            for (int attempt = 0; attempt < STARTS; attempt++) {
                float[] noise = new float[clean.length];
                for (int i = 0; i < noise.length; i++) {
                    noise[i] = random.nextInt(highest + 1);
                }
                if (fools(noise)) {
                    return noise;
                }
            }
            return new float[0];
        }

        /** The image nearest to the clean one on the line to it that still fools, to a 2^−{@value #HALVINGS}-th. */
        private float[] towardsClean(float[] from) {
            double near = 0;
            double far = 1;
            for (int halving = 0; halving < HALVINGS; halving++) {
                double middle = (near + far) / 2;
                if (fools(between(from, middle))) {
                    far = middle;
                } else {
                    near = middle;
                }
            }
            float[] found = between(from, far);
            round(found);
            return found;
        }

        private float[] between(float[] from, double share) {
            float[] x = new float[clean.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (clean[i] + share * (from[i] - clean[i]));
            }
            return x;
        }

        /** Points to where images fool, of length 1: the mean of directions by their answers, less the mean answer. */
        private float[] normal(float[] x, double radius, int count) {
            float[] around = new float[count * x.length];
            float[] directions = new float[count * x.length];
            for (int query = 0; query < count; query++) {
                double squares = 0;
                for (int i = 0; i < x.length; i++) {
                    float value = (float) random.nextGaussian();
                    directions[query * x.length + i] = value;
                    squares += value * value;
                }
                double norm = Math.sqrt(squares);
                for (int i = 0; i < x.length; i++) {
                    int at = query * x.length + i;
                    directions[at] /= (float) norm;
                    // Of a length that whole levels can show: one level a dimension at least.
                    around[at] = (float)
                            Math.clamp(x[i] + Math.max(radius, Math.sqrt(x.length)) * directions[at], 0, highest);
                }
            }
            round(around);
            float[] logits = victim.logits(around, count);
            int[] answers = new int[count];
            int fooling = 0;
            for (int query = 0; query < count; query++) {
                answers[query] = Batch.argmax(logits, query, victim.classes()) == label ? -1 : 1;
                fooling += answers[query] == 1 ? 1 : 0;
            }
            float[] normal = new float[x.length];
            // Where all agree there is nothing to compare with; equation 16 would leave nothing.
            double mean = fooling == 0 || fooling == count ? 0 : (2.0 * fooling - count) / count;
            double squares = 0;
            for (int i = 0; i < x.length; i++) {
                double sum = 0;
                for (int query = 0; query < count; query++) {
                    sum += (answers[query] - mean) * directions[query * x.length + i];
                }
                normal[i] = (float) sum;
                squares += sum * sum;
            }
            double norm = Math.sqrt(squares);
            for (int i = 0; i < x.length && norm > 0; i++) {
                normal[i] /= (float) norm;
            }
            return normal;
        }

        private float[] moved(float[] x, float[] direction, double length) {
            float[] moved = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                moved[i] = (float) Math.clamp(x[i] + length * direction[i], 0, highest);
            }
            return moved;
        }

        private boolean fools(float[] x) {
            float[] rounded = x.clone();
            round(rounded);
            return Batch.argmax(victim.logits(rounded, 1), 0, victim.classes()) != label;
        }

        private void round(float[] x) {
            for (int i = 0; i < x.length; i++) {
                x[i] = Math.round(x[i]);
            }
        }

        private double distance(float[] x) {
            return Euclidean.distance(x, clean, 0, clean.length);
        }
    }
}
