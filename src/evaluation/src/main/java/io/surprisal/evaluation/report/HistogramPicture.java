package io.surprisal.evaluation.report;

import io.surprisal.evaluation.score.AttackedScores;
import io.surprisal.evaluation.score.Scores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/**
 * Overlaid histograms of bits per dimension: training images, clean test images, and each attack at each ε, as in figure 2 of
 * PixelDefend (Song et al., ICLR 2018). All panels share their axis; the few images beyond it count in the outermost bins.
 */
public final class HistogramPicture {
    private static final int BINS = 45;
    private static final double TAIL = 0.0005;

    private static final Set<String> SHOWN = Set.of("fgsm", "pgd", "noise");

    private HistogramPicture() {}

    public static void write(Scores train, Scores clean, List<AttackedScores> attacked, Path file) throws IOException {
        double[] all = Stream.concat(Stream.of(train, clean), attacked.stream().map(AttackedScores::scores))
                .flatMapToDouble(scores -> Arrays.stream(bits(scores)))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double from = Math.floor(2 * all[(int) (TAIL * (all.length - 1))]) / 2;
        double to = Math.max(from + 0.5, Math.ceil(2 * all[(int) ((1 - TAIL) * (all.length - 1))]) / 2);
        List<XYChart> panels = new ArrayList<>();
        for (Map.Entry<String, List<AttackedScores>> panel : Charts.panels(attacked.stream()
                        .filter(one -> SHOWN.contains(one.attack().name()))
                        .toList())
                .entrySet()) {
            XYChart chart = Charts.panel(panel.getKey(), "bits per dimension", "share of images");
            chart.getStyler()
                    .setXAxisMin(from)
                    .setXAxisMax(to)
                    .setXAxisDecimalPattern("0.0")
                    .setYAxisDecimalPattern("0.00");
            Charts.line(chart, "train", centres(from, to), shares(bits(train), from, to), Charts.TRAIN);
            Charts.line(chart, "test", centres(from, to), shares(bits(clean), from, to), Charts.CLEAN);
            List<AttackedScores> epsilons = panel.getValue();
            for (int i = 0; i < epsilons.size(); i++) {
                AttackedScores one = epsilons.get(i);
                Charts.line(
                        chart,
                        one.attack().budget(),
                        centres(from, to),
                        shares(bits(one.scores()), from, to),
                        Charts.shade(i, epsilons.size()));
            }
            panels.add(chart);
        }
        Charts.write(panels, 3, file);
    }

    private static double[] bits(Scores scores) {
        return scores.bitsPerDimension();
    }

    private static double[] centres(double from, double to) {
        double[] centres = new double[BINS];
        for (int i = 0; i < BINS; i++) {
            centres[i] = from + (to - from) * (i + 0.5) / BINS;
        }
        return centres;
    }

    private static double[] shares(double[] bits, double from, double to) {
        double[] shares = new double[BINS];
        for (double b : bits) {
            int bin = (int) Math.clamp(BINS * (b - from) / (to - from), 0, BINS - 1);
            shares[bin] += 1.0 / bits.length;
        }
        return shares;
    }
}
