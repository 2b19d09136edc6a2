package io.surprisal.training.cli;

import io.surprisal.detector.Detector;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Decision;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What a screen saves on clean images, on one core: verdicts of the whole beside evaluations by the model alone, of the same images in
 * the same turn, since the machine may be busy with other things.
 *
 * @param model images a second by the model alone, median of the turns
 * @param ratio how many times as many the whole judges, median of the turns
 */
record CascadeSpeed(double model, double ratio) {
    private static final int TURNS = 7;
    private static final int IMAGES = 64;
    private static final int BATCH = 4; // as a worker of the service under load

    /** @param clean images in any order: each turn has others, from all over them */
    static CascadeSpeed of(Detector detector, Levels clean) {
        // A rate that the smallest calibration supports: what is decided makes no difference to how long it takes.
        Decision decision = detector.defaultDecision().withFalsePositiveRate(0.5);
        Consumer<Levels> whole = part -> detector.examine(part, decision);
        Consumer<Levels> alone = detector::evaluateByModel;
        seconds(whole, ofTurn(clean, 0));
        seconds(alone, ofTurn(clean, 0));
        double[] speeds = new double[TURNS];
        double[] ratios = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            Levels images = ofTurn(clean, turn);
            double byModel = seconds(alone, images);
            double byBoth = seconds(whole, images);
            speeds[turn] = images.count() / byModel;
            ratios[turn] = byModel / byBoth;
        }
        return new CascadeSpeed(ServingSpeed.median(speeds), ServingSpeed.median(ratios));
    }

    private static Levels ofTurn(Levels clean, int turn) {
        int count = Math.min(IMAGES, clean.count());
        int stride = Math.max(1, clean.count() / count);
        return clean.pick(IntStream.range(0, count)
                .map(i -> (i * stride + turn) % clean.count())
                .toArray());
    }

    private static double seconds(Consumer<Levels> evaluation, Levels images) {
        long began = System.nanoTime();
        for (int at = 0; at < images.count(); at += BATCH) {
            evaluation.accept(images.slice(at, Math.min(images.count(), at + BATCH)));
        }
        return (System.nanoTime() - began) * 1e-9;
    }
}
