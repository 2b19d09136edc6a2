package io.surprisal.detector.calibration;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.statistic.Panel;
import io.surprisal.detector.statistic.Statistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Fits a {@link Cascade} to clean images that neither density was trained on or fitted to. A tenth of the images, drawn at random, sets the two scores by which
 * the screen chooses, and the others are ranked: cut by the very images it is then ranked among, a stage would end where it suits them.
 */
public final class CascadeFit {

    private static final int CUTTING = 10;
    private static final long SEED = 0;

    private final Calibration model;
    private final List<Statistic> screen;
    private final List<String> names;
    private final Panel panel;
    private final List<double[]> byScreen = new ArrayList<>();
    private final List<double[]> byModel = new ArrayList<>();

    /**
     * A fit without images yet.
     *
     * @param model whose statistics and parameters are kept, and whose scores are taken anew
     * @param screen its statistics with their parameters
     * @throws IllegalArgumentException when the two have not the same statistics in the same order
     */
    public CascadeFit(Calibration model, List<Statistic> screen) {
        this.names = screen.stream().map(Statistic::name).toList();
        if (!model.names().equals(names)) {
            throw new IllegalArgumentException("expected a screen with the statistics of the model, " + model.names()
                    + ", found one with " + names);
        }
        this.model = model;
        this.screen = List.copyOf(screen);
        this.panel = new Panel(screen);
    }

    /** Adds a batch of clean images, evaluated by both. */
    public void add(Conditionals screened, Conditionals modelled) {
        if (screened.count() != modelled.count()) {
            throw new IllegalArgumentException("expected the same images by both densities, found " + screened.count()
                    + " and " + modelled.count());
        }
        for (int image = 0; image < screened.count(); image++) {
            byScreen.add(panel.of(screened, image).scores());
            byModel.add(model.panel().of(modelled, image).scores());
        }
    }

    /**
     * The cascade.
     *
     * @param source of the images that were added
     * @param statistic of the screen that chooses
     * @param passed the share of clean images that the model shall see, above 0
     * @param flagged the share of clean images, the most suspicious ones, that the screen shall flag by itself, 0 or more; together
     *     with {@code passed} below 1
     */
    public Cascade cascade(CalibrationSource source, String statistic, double passed, double flagged) {
        if (byScreen.size() != source.images() || byScreen.size() < 2 * CUTTING) {
            throw new IllegalArgumentException("expected the " + source.images() + " images of " + source.name()
                    + ", at least " + 2 * CUTTING + ", found " + byScreen.size());
        }
        int routing = names.indexOf(statistic);
        if (routing < 0) {
            throw new UnknownStatisticException(statistic, names);
        }
        Cascade.Route route = route(statistic, routing, passed, flagged);
        int[] ranked = places(false);
        List<Cascade.StageScores> scores = new ArrayList<>();
        for (int column = 0; column < screen.size(); column++) {
            scores.add(new Cascade.StageScores(
                    screen.get(column),
                    scores(ranked, route, routing, Stage.CLEARED, byScreen, column),
                    scores(ranked, route, routing, Stage.UNSURE, byModel, column),
                    scores(ranked, route, routing, Stage.SUSPECT, byScreen, column)));
        }
        return new Cascade(alone(source), route, scores);
    }

    private Cascade.Route route(String statistic, int routing, double passed, double flagged) {
        double[] ascending = Arrays.stream(places(true))
                .mapToDouble(image -> byScreen.get(image)[routing])
                .sorted()
                .toArray();
        int n = ascending.length;
        int suspects = (int) Math.floor(flagged * n);
        int above = Math.min(n - 1, suspects + (int) Math.ceil(passed * n));
        // Where none of them is to be flagged, nothing is known of scores that would be.
        double suspect = suspects == 0 ? Double.MAX_VALUE : ascending[n - 1 - suspects];
        return new Cascade.Route(statistic, ascending[n - 1 - above], suspect, passed, flagged);
    }

    /** The places of the images that cut, or of those that are ranked: drawn, since images may come class by class, or in turns. */
    private int[] places(boolean cutting) {
        int n = byScreen.size();
        int[] order = IntStream.range(0, n).toArray();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < n / CUTTING; i++) {
            int j = random.nextInt(i, n);
            int chosen = order[j];
            order[j] = order[i];
            order[i] = chosen;
        }
        return cutting ? Arrays.copyOf(order, n / CUTTING) : Arrays.copyOfRange(order, n / CUTTING, n);
    }

    private double[] scores(
            int[] images, Cascade.Route route, int routing, Stage stage, List<double[]> rows, int column) {
        return Arrays.stream(images)
                .filter(image -> route.of(byScreen.get(image)[routing]) == stage)
                .mapToDouble(image -> rows.get(image)[column])
                .toArray();
    }

    /** The model by itself, ranked among all the images. */
    private Calibration alone(CalibrationSource source) {
        Map<Statistic, ReferenceScores> references = new LinkedHashMap<>();
        for (int column = 0; column < model.statistics().size(); column++) {
            int own = column;
            references.put(
                    model.statistics().get(column),
                    ReferenceScores.of(
                            byModel.stream().mapToDouble(row -> row[own]).toArray()));
        }
        return Calibration.of(source, references);
    }
}
