package io.surprisal.training.bundle;

import io.surprisal.training.fit.LearningCurve;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The pictures of a model card. */
final class Pictures {
    private static final int BINS = 50;
    /** Okabe and Ito's colours, which people who see fewer colours can tell apart. */
    private static final List<Color> COLOURS =
            List.of(new Color(0x0072B2), new Color(0xE69F00), new Color(0x009E73), new Color(0xCC79A7));

    private Pictures() {}

    static void curve(LearningCurve curve, Path file) throws IOException {
        double[] epochs =
                curve.points().stream().mapToDouble(LearningCurve.Point::epoch).toArray();
        XYChart chart = chart("Learning curve", "epoch", "bits per dimension");
        line(
                chart,
                "training (batches, current weights)",
                epochs,
                curve.points().stream()
                        .mapToDouble(LearningCurve.Point::training)
                        .toArray(),
                1);
        line(
                chart,
                "validation (averaged weights)",
                epochs,
                curve.points().stream()
                        .mapToDouble(LearningCurve.Point::validation)
                        .toArray(),
                0);
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    }

    /** Overlaid histograms, each of area 1, over a common range that leaves out the most extreme 0.1 % on each side. */
    static void histogram(Map<String, double[]> bitsPerDimension, Path file) throws IOException {
        double[] all = bitsPerDimension.values().stream()
                .flatMapToDouble(Arrays::stream)
                .sorted()
                .toArray();
        double low = Math.floor(all[all.length / 1000] * 10) / 10;
        double high = all[all.length - 1 - all.length / 1000];
        XYChart chart = chart("Bits per dimension of clean images", "bits per dimension", "density");
        int colour = 0;
        for (Map.Entry<String, double[]> split : bitsPerDimension.entrySet()) {
            double[] centres = new double[BINS];
            double[] density = new double[BINS];
            double width = (high - low) / BINS;
            for (int i = 0; i < BINS; i++) {
                centres[i] = low + (i + 0.5) * width;
            }
            for (double value : split.getValue()) {
                int bin = (int) Math.floor((value - low) / width);
                if (bin >= 0 && bin < BINS) {
                    density[bin] += 1 / (split.getValue().length * width);
                }
            }
            line(chart, split.getKey(), centres, density, colour++);
        }
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    }

    private static XYChart chart(String title, String x, String y) {
        System.setProperty("java.awt.headless", "true");
        XYChart chart = new XYChartBuilder()
                .width(800)
                .height(450)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setDecimalPattern("0.##");
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotGridLinesColor(new Color(0xDDDDDD));
        return chart;
    }

    private static void line(XYChart chart, String name, double[] x, double[] y, int colour) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(COLOURS.get(colour % COLOURS.size()));
    }
}
