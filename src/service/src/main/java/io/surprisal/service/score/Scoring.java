package io.surprisal.service.score;

import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.purify.ParallelPurifier;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.batch.Batcher;
import io.surprisal.service.batch.Evaluation;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.caller.RequestRate;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.metrics.ScoringMeters;
import io.surprisal.service.model.ImageReader;
import io.surprisal.service.model.ModelCatalogue;
import io.surprisal.service.model.ServedModel;
import io.surprisal.service.trace.Trace;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Images to verdicts, for every transport: finds the model, decodes, joins a batch, judges.
 *
 * <p>Never blocks, so that an event loop may call it: small images are decoded on the caller's thread, others on a virtual one. The
 * futures complete on a thread that must not be held up; they fail with what {@link Failure#of} has a word for; cancelling one takes its
 * images out of the queue. Thread-safe.
 */
@Singleton
public class Scoring {
    /** How far {@link #purify} may take a level. */
    public static final int LARGEST_EPSILON = 64;

    private final ModelCatalogue catalogue;
    private final Batcher batcher;
    private final RequestRate rate;
    private final ScoringMeters meters;
    private final int imagesPerRequest;
    private final long queueBytes;
    private final boolean callersChoose;
    private final ExecutorService decoders = Executors.newVirtualThreadPerTaskExecutor();

    Scoring(ModelCatalogue catalogue, Batcher batcher, RequestRate rate, ScoringMeters meters, SurprisalConfig config) {
        this.catalogue = catalogue;
        this.rate = rate;
        this.batcher = batcher;
        this.meters = meters;
        this.imagesPerRequest = config.limits().imagesPerRequest();
        this.callersChoose = config.decision().callersChoose();
        this.queueBytes = config.batch().queueBytes().asLongValue();
    }

    /** Gives a verdict for each image. */
    public CompletableFuture<Scored> score(List<byte[]> encoded, Choice choice) {
        return score(new Images.Encoded(encoded), choice);
    }

    /** Gives a verdict for each image. */
    public CompletableFuture<Scored> score(Images images, Choice choice) {
        return run(images, choice, model -> {
            Decision decision = choice.decision(model.defaultDecision(), callersChoose);
            model.require(decision);
            return conditionals -> {
                Scored scored = new Scored(model, model.judge(conditionals, decision));
                note(choice.claim().trace(), scored);
                return scored;
            };
        });
    }

    private static void note(Trace trace, Scored scored) {
        if (trace.isRecorded()) {
            BundleManifest model = scored.model().manifest();
            trace.with("surprisal.model", model.name() + "/" + model.version())
                    .with("surprisal.images", scored.verdicts().size())
                    .with(
                            "surprisal.flagged",
                            scored.verdicts().stream().filter(Verdict::flagged).count());
        }
    }

    /**
     * Gives a verdict for each image, and what the model says of each dimension.
     *
     * @param answer made of that; asked for with the model before an image is decoded, and throws when the model cannot give it
     */
    public <T> CompletableFuture<T> examine(
            Images images, Choice choice, Function<ServedModel, Function<Examined, T>> answer) {
        return run(images, choice, model -> {
            Decision decision = choice.decision(model.defaultDecision(), callersChoose);
            model.require(decision);
            Function<Examined, T> answered = answer.apply(model);
            return conditionals ->
                    answered.apply(new Examined(model, model.judge(conditionals, decision), conditionals));
        });
    }

    /** Gives the verdict that an image would get, and what the model says of each dimension; it does not count as a decision. */
    public CompletableFuture<Examined> explain(byte[] encoded, Choice choice) {
        return run(new Images.Encoded(List.of(encoded)), choice, model -> {
            Decision decision = choice.decision(model.defaultDecision(), callersChoose);
            model.require(decision);
            return conditionals -> new Examined(model, model.explain(conditionals, decision), conditionals);
        });
    }

    /**
     * Gives the likelier image near an image by {@link ParallelPurifier}, and the verdicts that both would get; they do not count as
     * decisions. Its runs of the model queue up one after the other, like requests of their own.
     *
     * @param epsilon how far a level may go, 0 to {@value #LARGEST_EPSILON}
     */
    public CompletableFuture<Purified> purify(byte[] encoded, int epsilon, Choice choice) {
        if (epsilon < 0 || epsilon > LARGEST_EPSILON) {
            throw new InvalidRequestException(
                    "expected an epsilon of 0 to %d levels, got %d".formatted(LARGEST_EPSILON, epsilon));
        }
        CompletableFuture<Purified> answer = within(choice.timeout(), new CompletableFuture<>());
        try {
            rate.take(choice.claim().caller());
            ServedModel model = catalogue.acquire(choice.model(), choice.version());
            answer.whenComplete((result, failure) -> model.release());
            batcher.requireRoom(choice.claim(), 1, model.manifest().shape().dimensions());
            decoders.execute(() -> {
                try {
                    answer.complete(purified(model, encoded, epsilon, choice, answer));
                } catch (RuntimeException | OutOfMemoryError e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private Purified purified(
            ServedModel model, byte[] encoded, int epsilon, Choice choice, CompletableFuture<Purified> answer) {
        Decision decision = choice.decision(model.defaultDecision(), callersChoose);
        model.require(decision);
        BiFunction<Evaluation, Levels, Conditionals> evaluate = (evaluation, levels) -> {
            if (answer.isDone()) {
                throw new CancellationException("the caller has gone");
            }
            CompletableFuture<Conditionals> pending = batcher.submit(evaluation, levels, choice.claim());
            answer.whenComplete((result, failure) -> pending.cancel(false));
            return pending.join();
        };
        Levels image = model.reader().read(List.of(encoded));
        Conditionals before = evaluate.apply(model.evaluation(), image);
        if (before.cdf() == null) {
            throw new InvalidRequestException("expected a model with the output cdf, %s has none"
                    .formatted(model.manifest().name()));
        }
        Levels purified =
                ParallelPurifier.purify(levels -> evaluate.apply(model.evaluationByModel(), levels), image, epsilon);
        return new Purified(
                model,
                purified,
                model.explain(before, decision).getFirst(),
                model.explain(evaluate.apply(model.evaluation(), purified), decision)
                        .getFirst());
    }

    /** Gives what the model says of each dimension, without a verdict. */
    public CompletableFuture<Evaluated> evaluate(List<byte[]> encoded, Choice choice) {
        return run(new Images.Encoded(encoded), choice, model -> conditionals -> new Evaluated(model, conditionals));
    }

    /** Everything that can be refused is refused before an image is decoded: a caller that makes too many requests, the model, the decision, the number of images, the queue. */
    private <T> CompletableFuture<T> run(
            Images images, Choice choice, Function<ServedModel, Function<Conditionals, T>> judgement) {
        CompletableFuture<T> answer = within(choice.timeout(), meters.timed(new CompletableFuture<>()));
        try {
            rate.take(choice.claim().caller());
            ServedModel model = catalogue.acquire(choice.model(), choice.version());
            answer.whenComplete((result, failure) -> model.release());
            Function<Conditionals, T> judge = judgement.apply(model);
            int imageBytes = model.manifest().shape().dimensions();
            requireCount(images.count(), imageBytes);
            batcher.requireRoom(choice.claim(), images.count(), imageBytes);
            Optional<Levels> levels = readQuickly(images, model.reader());
            if (levels.isPresent()) {
                submit(model, levels.get(), choice.claim(), judge, answer);
            } else {
                decoders.execute(() -> decodeAndSubmit(model, images, choice.claim(), judge, answer));
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private <T> void decodeAndSubmit(
            ServedModel model,
            Images images,
            Claim claim,
            Function<Conditionals, T> judge,
            CompletableFuture<T> answer) {
        try {
            if (!answer.isDone()) {
                submit(model, read(images, model.reader()), claim, judge, answer);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            answer.completeExceptionally(e);
        }
    }

    private <T> void submit(
            ServedModel model,
            Levels levels,
            Claim claim,
            Function<Conditionals, T> judge,
            CompletableFuture<T> answer) {
        CompletableFuture<Conditionals> pending = batcher.submit(model.evaluation(), levels, claim);
        pending.thenApply(judge).whenComplete((judged, failure) -> {
            if (failure == null) {
                answer.complete(judged);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        // Whoever has gone, or waits no longer, is not evaluated for; what has been evaluated cannot be cancelled.
        answer.whenComplete((judged, failure) -> pending.cancel(false));
    }

    private static <T> CompletableFuture<T> within(@Nullable Duration timeout, CompletableFuture<T> answer) {
        // Three centuries at most, and no overflow beyond them.
        return timeout == null ? answer : answer.orTimeout(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    }

    private static Optional<Levels> readQuickly(Images images, ImageReader reader) {
        return switch (images) {
            case Images.Encoded(List<byte[]> files) -> reader.readQuickly(files);
            case Images.Tensor tensor -> reader.readQuickly(tensor.shape(), tensor.levels());
        };
    }

    private static Levels read(Images images, ImageReader reader) {
        return switch (images) {
            case Images.Encoded(List<byte[]> files) -> reader.read(files);
            case Images.Tensor tensor -> reader.read(tensor.shape(), tensor.levels());
        };
    }

    private void requireCount(int images, int imageBytes) {
        if (images < 1) {
            throw new InvalidRequestException("expected at least one image, got none");
        }
        if (images > imagesPerRequest) {
            throw new InvalidRequestException(
                    "expected at most %d images in one request, got %d".formatted(imagesPerRequest, images));
        }
        if ((long) images * imageBytes > queueBytes) {
            throw new InvalidRequestException(
                    "expected at most %,d bytes of levels in one request (surprisal.batch.queue-bytes), got %d images of %,d"
                            .formatted(queueBytes, images, imageBytes));
        }
    }

    @PreDestroy
    void stop() {
        decoders.shutdown();
    }
}
