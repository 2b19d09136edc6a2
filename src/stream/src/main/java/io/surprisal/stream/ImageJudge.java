package io.surprisal.stream;

import io.surprisal.detector.Detector;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.image.ImageDecoder;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.quantise.Quantiser;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.stream.Outcome.Cause;
import io.surprisal.stream.Outcome.Judged;
import io.surprisal.stream.Outcome.Unjudged;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Images to outcomes, by one run of the model for all that can be read. One that is no image, or on which the model fails, costs no other
 * its verdict.
 *
 * <p>What is larger than the model's shape is refused by its header, so that decoding takes no more memory than an image of that shape
 * does, whatever a file claims to be. Thread-safe.
 */
final class ImageJudge {
    private static final Logger LOG = Logger.getLogger(ImageJudge.class);

    private final Detector detector;
    private final Decision decision;
    private final StreamMeters meters;
    private final ImageDecoder decoder;
    private final Quantiser quantiser;

    /** @param decision that the detector can make */
    ImageJudge(Detector detector, Decision decision, StreamMeters meters) {
        this.detector = detector;
        this.decision = decision;
        this.meters = meters;
        ImageShape shape = detector.manifest().shape();
        int side = Math.max(shape.height(), shape.width());
        this.decoder = new ImageDecoder(new ImageLimits(ImageLimits.defaults().maxBytes(), side, (long) side * side));
        this.quantiser = new Quantiser(shape, detector.manifest().levels());
    }

    /** One outcome an image, in their order. */
    List<Outcome> judge(List<Image> images) {
        @Nullable Outcome[] outcomes = new @Nullable Outcome[images.size()];
        List<Integer> readable = new ArrayList<>(images.size());
        List<Levels> levels = new ArrayList<>(images.size());
        for (int i = 0; i < images.size(); i++) {
            try {
                levels.add(
                        quantiser.quantise(List.of(decoder.decode(images.get(i).file()))));
                readable.add(i);
            } catch (RuntimeException e) {
                outcomes[i] = unjudged(images.get(i), e);
            }
        }
        List<Outcome> examined = examine(readable.stream().map(images::get).toList(), levels);
        for (int i = 0; i < examined.size(); i++) {
            outcomes[readable.get(i)] = examined.get(i);
        }
        return List.of(outcomes);
    }

    private List<Outcome> examine(List<Image> images, List<Levels> levels) {
        if (images.isEmpty()) {
            return List.of();
        }
        try {
            long begun = System.nanoTime();
            Conditionals conditionals = detector.evaluate(Levels.concat(levels));
            meters.evaluated(images.size(), System.nanoTime() - begun);
            List<Verdict> verdicts = detector.judge(conditionals, decision);
            List<Outcome> outcomes = new ArrayList<>(images.size());
            for (int i = 0; i < images.size(); i++) {
                outcomes.add(new Judged(images.get(i), verdicts.get(i)));
            }
            return outcomes;
        } catch (RuntimeException e) {
            if (images.size() == 1) {
                return List.of(unjudged(images.getFirst(), e));
            }
            List<Outcome> outcomes = new ArrayList<>(images.size());
            for (int i = 0; i < images.size(); i++) {
                outcomes.addAll(examine(List.of(images.get(i)), List.of(levels.get(i))));
            }
            return outcomes;
        }
    }

    /** An image that fails in whatever way must not be the last one of its partition. */
    private static Unjudged unjudged(Image image, RuntimeException failure) {
        return switch (failure) {
            case UnreadableImageException e -> new Unjudged(image, Cause.UNREADABLE, String.valueOf(e.getMessage()));
            case InferenceException e -> new Unjudged(image, Cause.INFERENCE, String.valueOf(e.getMessage()));
            default -> {
                LOG.errorf(failure, "unexpected failure on %s", image.id());
                yield new Unjudged(image, Cause.UNEXPECTED, failure.toString());
            }
        };
    }
}
