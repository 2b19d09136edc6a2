package io.surprisal.detector.calibration;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.statistic.ImageConditionals;
import io.surprisal.detector.statistic.Panel;
import io.surprisal.detector.statistic.Statistic;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two densities that decide together: a cheap one, the screen, reads every image, and the model only those about which one statistic of
 * the screen leaves doubt (a cascade after Viola and Jones 2001, whose rate of false positives is calibrated as a whole).
 *
 * <p>Each statistic of the whole is one number: first the {@link Stage} in which an image ends, then the score by the density that decides
 * there. Clean images are ranked by that number as by any other, so that a p-value is as exact as that of one model: what the screen
 * clears or flags by mistake is counted in it. At a false-positive rate below the share of clean images that the model sees, the model
 * decides among those; a cleared image can be flagged only at larger rates.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Cascade {

    private final Calibration model;
    private final Route route;
    private final List<StageScores> scores;
    private final List<Statistic> screen;
    private final Panel panel;
    private final Panel routePanel;
    private final int routing;
    private final Calibration whole;

    /**
     * Puts a cascade together from its parts.
     *
     * @param model what clean images score by the model alone, and its statistics
     * @param scores of clean images by the same statistics, in the same order
     * @throws IllegalArgumentException when the statistics are not those of the model, or differ in the images behind them
     */
    Cascade(Calibration model, Route route, List<StageScores> scores) {
        List<String> names = scores.stream().map(own -> own.statistic().name()).toList();
        if (!names.equals(model.names())) {
            throw new IllegalArgumentException(
                    "expected a screen with the statistics of the model, " + model.names() + ", found " + names);
        }
        this.routing = names.indexOf(route.statistic());
        if (routing < 0) {
            throw new IllegalArgumentException(
                    "expected one of the screen's statistics " + names + " to choose by, found " + route.statistic());
        }
        this.model = model;
        this.route = route;
        this.scores = List.copyOf(scores);
        this.screen = scores.stream().map(StageScores::statistic).toList();
        this.panel = new Panel(screen);
        this.routePanel = new Panel(List.of(screen.get(routing)));
        Map<Statistic, ReferenceScores> places = new LinkedHashMap<>();
        for (int i = 0; i < scores.size(); i++) {
            scores.get(i).requireSameImages(scores.getFirst());
            places.put(
                    model.statistics().get(i), ReferenceScores.of(scores.get(i).places()));
        }
        this.whole = Calibration.of(model.source(), places);
    }

    /** What clean images score by the model alone. */
    public Calibration model() {
        return model;
    }

    /** The screen's statistics, with their fitted parameters. */
    public List<Statistic> screenStatistics() {
        return List.copyOf(screen);
    }

    /**
     * What turns a {@link Reading}'s places into p-values: the statistics are the model's, the reference scores places of clean images.
     */
    public Calibration whole() {
        return whole;
    }

    /** By what the screen chooses. */
    public Route route() {
        return route;
    }

    /**
     * A statistic with the parameters of the screen.
     *
     * @throws UnknownStatisticException when it has none of that name
     */
    public Statistic ofScreen(String name) {
        return screen.get(model.names().indexOf(model.statistic(name).name()));
    }

    /** What clean images score, for each statistic with the parameters of the screen, in the order of the model's. */
    public List<StageScores> scores() {
        return scores;
    }

    /** The share of clean images that the model sees, 0..1. */
    public double passed() {
        return share(Stage.UNSURE);
    }

    /** The share of clean images that the screen flags by itself, 0..1. */
    public double flagged() {
        return share(Stage.SUSPECT);
    }

    private double share(Stage stage) {
        StageScores any = scores.getFirst();
        return (double) any.of(stage).length / any.count();
    }

    /** Whether the model has to see an image, by what the screen says of it. */
    public boolean asksTheModel(Conditionals byScreen, int image) {
        return route.of(routePanel.of(byScreen, image).scores()[0]) == Stage.UNSURE;
    }

    /** The numbers of an image by the density that said last what it is. */
    public Reading read(ImageConditionals image) {
        if (!image.screened()) {
            return new Reading(model.statistics(), model.panel().of(image), Stage.UNSURE);
        }
        Panel.Scores read = panel.of(image);
        return new Reading(screen, read, route.of(read.scores()[routing]));
    }

    /**
     * Whether the model has a say at a rate: at one that is not larger than the share which the screen flags by itself, everything that the model is
     * asked about would be accepted.
     *
     * @throws UnknownStatisticException when there are no reference scores of the statistic
     * @throws TooFewCleanImagesException when it has none, or there are too few clean images for the rate
     */
    public void requireRate(String statistic, double falsePositiveRate) {
        double threshold = whole.of(statistic).threshold(falsePositiveRate);
        if (Stage.UNSURE.score(threshold) == Double.POSITIVE_INFINITY) {
            throw TooFewCleanImagesException.usedUpByTheScreen(falsePositiveRate, flagged());
        }
    }

    /** Reads {@code screen.json}; {@link IllegalArgumentException} with the field when it is not as it has to be. */
    public static Cascade fromJson(byte[] json, Calibration model) {
        return CascadeJson.read(json, model);
    }

    /** Writes {@code screen.json}. */
    public byte[] toJson() {
        return CascadeJson.write(this);
    }

    /**
     * Which images the model sees.
     *
     * @param statistic of the screen
     * @param cleared up to this score, inclusive, the screen clears
     * @param suspect above this score the screen flags; not below {@code cleared}
     * @param passed the share of clean images that the model was meant to see, above 0
     * @param flagged the share that the screen was meant to flag by itself, 0 or more
     */
    public record Route(String statistic, double cleared, double suspect, double passed, double flagged) {
        public Route {
            if (!(passed > 0 && flagged >= 0 && passed + flagged < 1)) {
                throw new IllegalArgumentException("expected a share above 0 for the model and one of 0 or more for "
                        + "the screen to flag, together below 1, found " + passed + " and " + flagged);
            }
            if (!(cleared <= suspect && Double.isFinite(cleared) && Double.isFinite(suspect))) {
                throw new IllegalArgumentException(
                        "expected two finite scores, cleared up to the one and suspect above the other, found "
                                + cleared + " and " + suspect);
            }
        }

        /** NaN is for the model to judge. */
        Stage of(double score) {
            if (score <= cleared) {
                return Stage.CLEARED;
            }
            return score > suspect ? Stage.SUSPECT : Stage.UNSURE;
        }
    }

    /**
     * What clean images score by one statistic, in the stage where each ended: the first and the last by the screen, the other by the
     * model. Any of them may be empty; arrays are handed on, read only.
     *
     * @param statistic with the parameters of the screen
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    public record StageScores(Statistic statistic, double[] cleared, double[] unsure, double[] suspect) {

        /** @throws IllegalArgumentException when a score is not finite: a place on the scale would hide it */
        public StageScores(Statistic statistic, double[] cleared, double[] unsure, double[] suspect) {
            for (double[] scores : List.of(cleared, unsure, suspect)) {
                for (double score : scores) {
                    if (!Double.isFinite(score)) {
                        throw new IllegalArgumentException(
                                statistic.name() + ": expected finite scores of clean images, found " + score);
                    }
                }
            }
            this.statistic = statistic;
            this.cleared = cleared;
            this.unsure = unsure;
            this.suspect = suspect;
        }

        /** The scores of those that ended in one stage; not to be written to. */
        public double[] of(Stage stage) {
            return switch (stage) {
                case CLEARED -> cleared;
                case UNSURE -> unsure;
                case SUSPECT -> suspect;
            };
        }

        int count() {
            return cleared.length + unsure.length + suspect.length;
        }

        double[] places() {
            return Arrays.stream(Stage.values())
                    .flatMapToDouble(stage -> Arrays.stream(of(stage)).map(stage::place))
                    .toArray();
        }

        void requireSameImages(StageScores other) {
            for (Stage stage : Stage.values()) {
                if (of(stage).length != other.of(stage).length) {
                    throw new IllegalArgumentException(
                            "%s: expected %d clean images that end in stage %s, as by %s, found %d"
                                    .formatted(
                                            statistic.name(),
                                            other.of(stage).length,
                                            stage,
                                            other.statistic.name(),
                                            of(stage).length));
                }
            }
        }
    }
}
