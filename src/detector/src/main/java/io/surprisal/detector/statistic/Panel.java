package io.surprisal.detector.statistic;

import io.surprisal.detector.density.Conditionals;
import java.util.ArrayList;
import java.util.List;

/**
 * Several statistics of the same images: each formula is worked out once an image, however many statistics read it. Immutable, safe for
 * use by many threads.
 */
public final class Panel {

    private final List<Statistic> statistics;
    private final List<Measured> measured = new ArrayList<>();
    private final int[][] inputs; // for each statistic the places of what it reads among the measured

    public Panel(List<? extends Statistic> statistics) {
        this.statistics = List.copyOf(statistics);
        this.inputs = new int[statistics.size()][];
        for (int i = 0; i < inputs.length; i++) {
            List<Measured> read = switch (statistics.get(i)) {
                case Measured one -> List.of(one);
                case Fitted fitted -> fitted.inputs();
            };
            inputs[i] = read.stream().mapToInt(this::place).toArray();
        }
    }

    private int place(Measured statistic) {
        if (!measured.contains(statistic)) {
            measured.add(statistic);
        }
        return measured.indexOf(statistic);
    }

    public List<Statistic> statistics() {
        return statistics;
    }

    /**
     * One image's numbers.
     *
     * @param scores of the statistics, in their order
     * @param inputs for each statistic the values it read
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Scores(double[] scores, double[][] inputs) {}

    /**
     * The scores of one image.
     *
     * @param image which image of the batch, 0..N−1
     */
    public Scores of(Conditionals conditionals, int image) {
        return of(new ImageConditionals(conditionals, image));
    }

    /** The same. */
    public Scores of(ImageConditionals image) {
        double[] values = new double[measured.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = measured.get(i).of(image);
        }
        double[] scores = new double[inputs.length];
        double[][] read = new double[inputs.length][];
        for (int i = 0; i < scores.length; i++) {
            read[i] = new double[inputs[i].length];
            for (int j = 0; j < read[i].length; j++) {
                read[i][j] = values[inputs[i][j]];
            }
            scores[i] = switch (statistics.get(i)) {
                case Measured one -> read[i][0];
                case Fitted fitted -> fitted.of(read[i]);
            };
        }
        return new Scores(scores, read);
    }
}
