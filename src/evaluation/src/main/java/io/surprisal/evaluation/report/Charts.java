package io.surprisal.evaluation.report;

import io.surprisal.evaluation.attack.Attack;
import io.surprisal.evaluation.score.AttackedScores;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How all pictures look: one panel an attack and region, one colour an ε, from light to dark. */
final class Charts {
    static final Color CLEAN = new Color(0x33, 0x33, 0x33);
    static final Color TRAIN = new Color(0x99, 0x99, 0x99);

    private Charts() {}

    /** Attacks that differ in ε only, by their common name, in order. */
    static Map<String, List<AttackedScores>> panels(List<AttackedScores> attacked) {
        Map<String, List<AttackedScores>> panels = new LinkedHashMap<>();
        for (AttackedScores scores : attacked) {
            Attack attack = scores.attack();
            panels.computeIfAbsent(attack.name() + ", " + attack.region().label(), name -> new ArrayList<>())
                    .add(scores);
        }
        return panels;
    }

    static XYChart panel(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(480)
                .height(300)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 12))
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11))
                .setLegendBorderColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler()
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        return chart;
    }

    static void line(XYChart chart, String name, double[] x, double[] y, Color colour) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(colour);
        series.setLineStyle(new BasicStroke(1.6f));
    }

    /** The colour of the i-th of n epsilons: orange to purple, told apart in grey too. */
    static Color shade(int i, int n) {
        float t = n == 1 ? 1 : (float) i / (n - 1);
        return Color.getHSBColor(0.09f - 0.27f * t, 0.75f, 0.97f - 0.5f * t);
    }

    static void write(List<XYChart> panels, int columns, Path file) throws IOException {
        int rows = (panels.size() + columns - 1) / columns;
        try (OutputStream out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(panels, rows, columns, out, BitmapFormat.PNG);
        }
    }
}
