package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.quantise.ImageShape;
import java.util.Locale;

/**
 * Σ (U_i − ½)(U_j − ½) / √Σ (U_j − ½)² v_i over all neighbours j of i in one direction, with U the Rosenblatt transform and v_i = (1 −
 * exp(−2 H_i))/12 the bound on its variance (see {@link Uniformity}): whether a value's place in its conditional still tells anything of
 * its neighbour's.
 *
 * <p>Under the model it does not: of two neighbours the later has conditional mean ½, so the terms are martingale differences and the
 * quotient about N(0, 1). Strongly positive for images of another kind, whose structure the model does not foresee; negative for
 * perturbations that change sign from pixel to pixel. {@link Combined} reads both sides, a threshold on this alone only the upper.
 *
 * <p>Always finite; 0 where there are no neighbours, or every conditional is certain.
 *
 * @param direction of the neighbours
 */
public record SerialCorrelation(Direction direction) implements Measured {

    /** Where the earlier neighbour is. */
    public enum Direction {
        /** To the left. */
        ROWS(0, -1),
        /** Above. */
        COLUMNS(-1, 0),
        /** Above, to the left and to the right. */
        DIAGONALS(-1, -1),
        /** The same pixel of the channel before. */
        CHANNELS(0, 0);

        private final int rows;
        private final int columns;
        private final String statistic;

        Direction(int rows, int columns) {
            this.rows = rows;
            this.columns = columns;
            this.statistic = "serial-correlation-" + name().toLowerCase(Locale.ROOT);
        }

        String statistic() {
            return statistic;
        }
    }

    @Override
    public String name() {
        return direction.statistic();
    }

    @Override
    public String words() {
        return "correlation of neighbouring errors along "
                + (direction == Direction.CHANNELS
                        ? "colours"
                        : direction.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public String adjective() {
        return "correlated";
    }

    @Override
    public boolean applicableTo(Conditionals conditionals) {
        return conditionals.entropy() != null
                && conditionals.cdf() != null
                && (direction != Direction.CHANNELS
                        || conditionals.images().shape().channels() > 1);
    }

    @Override
    public double of(ImageConditionals image) {
        Conditionals conditionals = image.batch();
        float[] cdf = Outputs.cdf(name(), conditionals);
        Sums sums = new Sums(
                cdf,
                image.start(),
                image.certainties(name()),
                conditionals.images().shape());
        switch (direction) {
            case ROWS, COLUMNS -> sums.addNeighbours(direction.rows, direction.columns);
            case DIAGONALS -> {
                sums.addNeighbours(-1, -1);
                sums.addNeighbours(-1, 1);
            }
            case CHANNELS -> sums.addChannels();
        }
        return sums.quotient();
    }

    private static final class Sums {
        private final float[] cdf;
        private final int start;
        private final double[] certainties;
        private final ImageShape shape;
        private double products;
        private double variance;

        Sums(float[] cdf, int start, double[] certainties, ImageShape shape) {
            this.cdf = cdf;
            this.start = start;
            this.certainties = certainties;
            this.shape = shape;
        }

        void addNeighbours(int rows, int columns) {
            int width = shape.width();
            int back = rows * width + columns;
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int row = -rows; row < shape.height(); row++) {
                    int line = (channel * shape.height() + row) * width;
                    for (int column = Math.max(0, -columns); column < width - Math.max(0, columns); column++) {
                        add(line + column, line + column + back);
                    }
                }
            }
        }

        void addChannels() {
            int area = shape.height() * shape.width();
            for (int i = area; i < shape.dimensions(); i++) {
                add(i, i - area);
            }
        }

        private void add(int i, int before) {
            double earlier = cdf[start + before] - 0.5;
            products += earlier * (cdf[start + i] - 0.5);
            variance += earlier * earlier * ImageConditionals.cdfVariance(certainties[i]);
        }

        double quotient() {
            return variance == 0 ? 0 : products / Math.sqrt(variance);
        }
    }
}
