package io.surprisal.evaluation.attack;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.Random;

/**
 * Controls: what befalls an image without anyone's intention, in the manner of Hendrycks and Dietterich 2019. They know no classifier. A detector flags
 * them or not; either may be wanted, and both should be known.
 *
 * @param kind of change
 * @param amount of it, in the kind's unit
 * @param seed of what is random
 */
public record Corruption(Kind kind, double amount, long seed) implements Attack {

    /** What is done to an image. */
    public enum Kind {
        /** Gaussian noise of a standard deviation in levels. */
        GAUSSIAN_NOISE("gaussian-noise", "σ = "),
        /** Gaussian blur of a standard deviation in pixels. */
        BLUR("blur", "σ = "),
        /** Levels added. */
        BRIGHTNESS("brightness", "+"),
        /** Distance from the middle grey times a factor. */
        CONTRAST("contrast", "×"),
        /** Degrees about the centre, bilinear; what comes in from outside is the nearest border pixel. */
        ROTATION("rotation", "° = ");

        private final String label;
        private final String unit;

        Kind(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }
    }

    public Corruption {
        if (!Double.isFinite(amount) || (kind == Kind.BLUR || kind == Kind.GAUSSIAN_NOISE) && !(amount > 0)) {
            throw new IllegalArgumentException(
                    kind + ": expected a finite amount, above 0 for noise and blur, found " + amount);
        }
    }

    @Override
    public String name() {
        return kind.label;
    }

    @Override
    public String budget() {
        return kind.unit + (amount == Math.rint(amount) ? Long.toString((long) amount) : Double.toString(amount));
    }

    @Override
    public Region region() {
        return Region.EVERYWHERE;
    }

    @Override
    public Levels perturb(Levels clean, int[] labels, Victim victim) {
        EpsilonBall box = new EpsilonBall(clean, clean.levels() - 1, Region.EVERYWHERE);
        float[] x = box.centre();
        switch (kind) {
            case GAUSSIAN_NOISE -> {
                Random random = new Random(seed);
                for (int i = 0; i < x.length; i++) {
                    x[i] += (float) (amount * random.nextGaussian());
                }
            }
            case BRIGHTNESS -> {
                for (int i = 0; i < x.length; i++) {
                    x[i] += (float) amount;
                }
            }
            case CONTRAST -> {
                double middle = (clean.levels() - 1) / 2.0;
                for (int i = 0; i < x.length; i++) {
                    x[i] = (float) (middle + amount * (x[i] - middle));
                }
            }
            case BLUR -> planes(clean.shape(), x, this::blurred);
            case ROTATION -> planes(clean.shape(), x, this::rotated);
        }
        return box.quantise(x);
    }

    private interface Plane {
        float[] of(float[] plane, int height, int width);
    }

    private static void planes(ImageShape shape, float[] x, Plane change) {
        int area = shape.height() * shape.width();
        for (int from = 0; from < x.length; from += area) {
            float[] plane = new float[area];
            System.arraycopy(x, from, plane, 0, area);
            System.arraycopy(change.of(plane, shape.height(), shape.width()), 0, x, from, area);
        }
    }

    private float[] blurred(float[] plane, int height, int width) {
        int radius = (int) Math.ceil(3 * amount);
        double[] kernel = new double[2 * radius + 1];
        double sum = 0;
        for (int k = -radius; k <= radius; k++) {
            kernel[k + radius] = Math.exp(-k * k / (2 * amount * amount));
            sum += kernel[k + radius];
        }
        float[] across = new float[plane.length];
        float[] both = new float[plane.length];
        for (int pass = 0; pass < 2; pass++) {
            float[] from = pass == 0 ? plane : across;
            float[] to = pass == 0 ? across : both;
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    double value = 0;
                    for (int k = -radius; k <= radius; k++) {
                        int r = Math.clamp(row + (pass == 0 ? 0 : k), 0, height - 1);
                        int c = Math.clamp(column + (pass == 0 ? k : 0), 0, width - 1);
                        value += kernel[k + radius] * from[r * width + c];
                    }
                    to[row * width + column] = (float) (value / sum);
                }
            }
        }
        return both;
    }

    private float[] rotated(float[] plane, int height, int width) {
        double cosine = Math.cos(Math.toRadians(amount));
        double sine = Math.sin(Math.toRadians(amount));
        float[] to = new float[plane.length];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double y = row - (height - 1) / 2.0;
                double x = column - (width - 1) / 2.0;
                double fromRow = Math.clamp(cosine * y + sine * x + (height - 1) / 2.0, 0, height - 1);
                double fromColumn = Math.clamp(-sine * y + cosine * x + (width - 1) / 2.0, 0, width - 1);
                to[row * width + column] = (float) bilinear(plane, height, width, fromRow, fromColumn);
            }
        }
        return to;
    }

    private static double bilinear(float[] plane, int height, int width, double row, double column) {
        int top = (int) row;
        int left = (int) column;
        int bottom = Math.min(height - 1, top + 1);
        int right = Math.min(width - 1, left + 1);
        double down = row - top;
        double across = column - left;
        return (1 - down) * ((1 - across) * plane[top * width + left] + across * plane[top * width + right])
                + down * ((1 - across) * plane[bottom * width + left] + across * plane[bottom * width + right]);
    }
}
