package io.surprisal.evaluation.report;

import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.Combined;
import io.surprisal.detector.statistic.TwoSidedStandardisedSurprisal;
import io.surprisal.evaluation.metric.RocCurve;
import io.surprisal.evaluation.score.AttackedScores;
import io.surprisal.evaluation.score.Scores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;

/**
 * ROC curves of all attacked images against clean test images, a column of panels for each statistic. The axis of false-positive rates
 * is logarithmic: a gate works at its left end, which a linear axis hides.
 */
public final class RocPicture {
    private static final int POINTS = 200;

    /** A curve for each statistic would be a wall of them; the tables have them all. */
    private static final List<String> SHOWN =
            List.of(Combined.NAME, TwoSidedStandardisedSurprisal.NAME, BitsPerDimension.NAME);

    private RocPicture() {}

    public static void write(Scores clean, List<AttackedScores> attacked, Path file) throws IOException {
        Map<String, List<AttackedScores>> panels = Charts.panels(attacked);
        List<XYChart> charts = new ArrayList<>();
        List<String> statistics =
                SHOWN.stream().filter(clean.statistics()::contains).toList();
        panels.forEach((name, epsilons) -> statistics.forEach(
                statistic -> charts.add(panel(name + ": " + statistic, clean.of(statistic), statistic, epsilons))));
        Charts.write(charts, statistics.size(), file);
    }

    private static XYChart panel(String title, double[] clean, String statistic, List<AttackedScores> epsilons) {
        XYChart chart = Charts.panel(title, "false-positive rate", "true-positive rate");
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisMin(0.0)
                .setYAxisMax(1.0)
                .setYAxisDecimalPattern("0.0");
        double[] rates = rates(clean.length);
        Charts.line(chart, "chance", rates, rates, Charts.TRAIN);
        for (int i = 0; i < epsilons.size(); i++) {
            AttackedScores one = epsilons.get(i);
            RocCurve curve = RocCurve.of(clean, one.scores().of(statistic));
            double[] found = new double[rates.length];
            for (int p = 0; p < found.length; p++) {
                found[p] = curve.truePositiveRate(rates[p]);
            }
            Charts.line(chart, one.attack().budget(), rates, found, Charts.shade(i, epsilons.size()));
        }
        return chart;
    }

    /** Evenly spaced in their logarithm, from one false positive to all. */
    private static double[] rates(int clean) {
        double[] rates = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            rates[i] = Math.min(1, Math.pow(clean, (double) i / (POINTS - 1) - 1));
        }
        return rates;
    }
}
