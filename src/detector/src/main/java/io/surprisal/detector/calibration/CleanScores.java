package io.surprisal.detector.calibration;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.statistic.BitsPerDimension;
import io.surprisal.detector.statistic.Combined;
import io.surprisal.detector.statistic.Fitted;
import io.surprisal.detector.statistic.Measured;
import io.surprisal.detector.statistic.Panel;
import io.surprisal.detector.statistic.StandardisedSurprisal;
import io.surprisal.detector.statistic.Statistic;
import io.surprisal.detector.statistic.TwoSidedStandardisedSurprisal;
import io.surprisal.detector.statistic.Typicality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the measured statistics, image by image, so that the conditionals of thousands of images need not be kept: every other
 * statistic is fitted to them.
 */
final class CleanScores {

    private final List<double[]> rows = new ArrayList<>();
    private @Nullable Panel panel;

    void add(Conditionals batch) {
        List<Measured> applicable = Measured.applicable(batch);
        if (panel == null) {
            panel = new Panel(applicable);
        } else if (!panel.statistics().equals(applicable)) {
            throw new IllegalArgumentException("expected batches of one model, found some with " + panel.statistics()
                    + " and some with " + applicable);
        }
        for (int image = 0; image < batch.count(); image++) {
            rows.add(panel.of(batch, image).scores());
        }
    }

    /** Parameters from the even-numbered images, reference scores of the odd-numbered ones. */
    Calibration calibrate(CalibrationSource source) {
        requireAll(source);
        return calibration(source, half(0), half(1));
    }

    /** Parameters from other images, reference scores of all of these. */
    Calibration calibrate(CalibrationSource source, CleanScores fitting) {
        requireAll(source);
        if (!fitting.measured().equals(measured())) {
            throw new IllegalArgumentException("expected images for fitting evaluated by the same model, found "
                    + fitting.measured() + " and " + measured());
        }
        return calibration(source, fitting.rows, rows);
    }

    private void requireAll(CalibrationSource source) {
        if (rows.size() != source.images()) {
            throw new IllegalArgumentException(
                    "expected the " + source.images() + " images of the calibration split, found " + rows.size());
        }
    }

    private List<Measured> measured() {
        return panel == null
                ? List.of()
                : panel.statistics().stream().map(Measured.class::cast).toList();
    }

    /**
     * @param fitting rows that parameters are fitted to
     * @param ranked rows behind the reference scores of a fitted statistic; those of a measured one are of all images
     */
    private Calibration calibration(CalibrationSource source, List<double[]> fitting, List<double[]> ranked) {
        List<Measured> measured = measured();
        Map<Statistic, ReferenceScores> scores = new LinkedHashMap<>();
        for (int i = 0; i < measured.size(); i++) {
            scores.put(measured.get(i), ReferenceScores.of(column(rows, i)));
        }
        for (Fitted fitted : fit(measured, fitting)) {
            int[] places = fitted.inputs().stream().mapToInt(measured::indexOf).toArray();
            scores.put(
                    fitted,
                    ReferenceScores.of(ranked.stream()
                            .mapToDouble(row -> fitted.of(pick(row, places)))
                            .toArray()));
        }
        Map<Statistic, ReferenceScores> ordered = new LinkedHashMap<>();
        scores.keySet().stream()
                .sorted(Comparator.comparingInt(statistic -> Statistic.ALL.indexOf(statistic.name())))
                .forEach(statistic -> ordered.put(statistic, scores.get(statistic)));
        return Calibration.of(source, ordered);
    }

    private static List<Fitted> fit(List<Measured> measured, List<double[]> fitting) {
        List<Fitted> fitted = new ArrayList<>();
        double[] bits = column(fitting, measured.indexOf(new BitsPerDimension()));
        fitted.add(new Typicality(Arrays.stream(bits).average().orElseThrow()));
        int standardised = measured.indexOf(new StandardisedSurprisal());
        if (standardised >= 0) {
            fitted.add(new TwoSidedStandardisedSurprisal(median(column(fitting, standardised))));
        }
        fitted.add(Combined.fit(measured, fitting));
        return fitted;
    }

    private static double[] column(List<double[]> rows, int place) {
        return rows.stream().mapToDouble(row -> row[place]).toArray();
    }

    private static double[] pick(double[] row, int[] places) {
        return Arrays.stream(places).mapToDouble(place -> row[place]).toArray();
    }

    private List<double[]> half(int parity) {
        return IntStream.range(0, rows.size())
                .filter(i -> i % 2 == parity)
                .mapToObj(rows::get)
                .toList();
    }

    private static double median(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        int middle = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }
}
