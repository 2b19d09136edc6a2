package io.surprisal.service.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.service.metrics.BatchMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can go wrong when callers share a run: answers swapped, a caller's fault spread, images lost at the end, a queue that leaks. */
@Timeout(30)
class BatcherTest {
    private static final Duration NO_DELAY = Duration.ZERO;
    /** Longer than any test: a batch that is not full never starts by itself. */
    private static final Duration FOREVER = Duration.ofHours(1);

    private static final Duration LOOKOUT = Duration.ofMillis(1);

    private final FakeModel model = new FakeModel();
    private final Evaluation evaluation = model::evaluate;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Batcher> opened = new ArrayList<>();

    @AfterEach
    void close() {
        model.release(1_000_000);
        opened.forEach(Batcher::close);
    }

    @Test
    void aLoneImageIsEvaluatedAtOnce() throws Exception {
        Batcher batcher = batcher(8, NO_DELAY, 64, 1);
        CompletableFuture<Conditionals> answer = batcher.submit(evaluation, FakeModel.images(7));
        assertThat(model.awaitRun()).isEqualTo(1);
        model.release(1);
        assertThat(answer.get().logProb()).containsExactly(-7);
    }

    @Test
    void imagesOfDifferentCallersShareARunAndEachCallerGetsItsOwnRows() throws Exception {
        Batcher batcher = batcher(8, NO_DELAY, 64, 1);
        batcher.submit(evaluation, FakeModel.images(1));
        model.awaitRun();
        CompletableFuture<Conditionals> second = batcher.submit(evaluation, FakeModel.images(2, 3));
        CompletableFuture<Conditionals> third = batcher.submit(evaluation, FakeModel.images(4));
        model.release(2);
        assertThat(second.get().logProb()).containsExactly(-2, -3);
        assertThat(third.get().logProb()).containsExactly(-4);
        assertThat(model.sizes()).containsExactly(1, 3);
    }

    @Test
    void noRunIsLargerThanABatch() throws Exception {
        Batcher batcher = batcher(4, NO_DELAY, 64, 1);
        CompletableFuture<Conditionals> blocker = batcher.submit(evaluation, FakeModel.images(0));
        model.awaitRun();
        List<CompletableFuture<Conditionals>> answers = new ArrayList<>();
        for (int caller = 0; caller < 10; caller++) {
            answers.add(batcher.submit(evaluation, FakeModel.images(caller)));
        }
        model.release(100);
        blocker.get();
        for (int caller = 0; caller < 10; caller++) {
            assertThat(answers.get(caller).get().logProb()).containsExactly(-caller);
        }
        assertThat(model.sizes()).containsExactly(1, 4, 4, 2);
    }

    @Test
    void aRequestLargerThanABatchIsCutAndComesBackInOrder() throws Exception {
        Batcher batcher = batcher(4, NO_DELAY, 64, 2);
        model.release(100);
        CompletableFuture<Conditionals> answer =
                batcher.submit(evaluation, FakeModel.images(9, 8, 7, 6, 5, 4, 3, 2, 1));
        assertThat(answer.get().logProb()).containsExactly(-9, -8, -7, -6, -5, -4, -3, -2, -1);
        assertThat(model.sizes()).containsExactlyInAnyOrder(4, 4, 1);
    }

    @Test
    void aWorkerLeavesTheOthersTheirShare() throws Exception {
        Batcher batcher = batcher(8, NO_DELAY, 64, 2);
        batcher.submit(evaluation, FakeModel.images(0));
        batcher.submit(evaluation, FakeModel.images(0));
        model.awaitRun();
        model.awaitRun();
        for (int caller = 0; caller < 6; caller++) {
            batcher.submit(evaluation, FakeModel.images(caller));
        }
        model.release(1);
        assertThat(model.awaitRun()).as("half of six").isEqualTo(3);
    }

    @Test
    void withADelayABatchStartsWhenItIsFull() throws Exception {
        Batcher batcher = batcher(3, FOREVER, 64, 2);
        batcher.submit(evaluation, FakeModel.images(1));
        batcher.submit(evaluation, FakeModel.images(2));
        CompletableFuture<Conditionals> last = batcher.submit(evaluation, FakeModel.images(3));
        model.release(1);
        assertThat(last.get().logProb()).containsExactly(-3);
        assertThat(model.sizes()).containsExactly(3);
    }

    @Test
    void withADelayABatchThatDoesNotFillUpStartsAllTheSame() throws Exception {
        Batcher batcher = batcher(3, Duration.ofMillis(1), 64, 1);
        model.release(1);
        assertThat(batcher.submit(evaluation, FakeModel.images(1)).get().logProb())
                .containsExactly(-1);
    }

    @Test
    void imagesOfAnotherModelAreNeverJoined() throws Exception {
        FakeModel other = new FakeModel();
        Evaluation otherEvaluation = other::evaluate;
        Batcher batcher = batcher(8, NO_DELAY, 64, 1);
        batcher.submit(evaluation, FakeModel.images(0));
        model.awaitRun();
        CompletableFuture<Conditionals> first = batcher.submit(evaluation, FakeModel.images(1));
        CompletableFuture<Conditionals> between = batcher.submit(otherEvaluation, FakeModel.images(2));
        CompletableFuture<Conditionals> last = batcher.submit(evaluation, FakeModel.images(3));
        model.release(10);
        other.release(10);
        CompletableFuture.allOf(first, between, last).get();
        assertThat(model.sizes()).containsExactly(1, 2);
        assertThat(other.sizes()).containsExactly(1);
    }

    @Test
    void aFullQueueRefusesTheWholeRequestAndTakesItLater() throws Exception {
        Batcher batcher = batcher(2, NO_DELAY, 3, 1);
        batcher.submit(evaluation, FakeModel.images(0));
        model.awaitRun();
        batcher.submit(evaluation, FakeModel.images(1, 2));
        assertThatExceptionOfType(QueueFullException.class)
                .isThrownBy(() -> batcher.submit(evaluation, FakeModel.images(3, 4)))
                .withMessageContaining("2 images wait, at most 3 may, and this request brings 2")
                .satisfies(full -> assertThat(full.retryAfter()).isPositive());
        assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> batcher.requireRoom(2));
        assertThat(registry.get("surprisal.rejected").counter().count()).isEqualTo(2);
        assertThat(registry.get("surprisal.queue.images").gauge().value()).isEqualTo(2);
        model.release(100);
        CompletableFuture<Conditionals> fits = batcher.submit(evaluation, FakeModel.images(5));
        assertThat(fits.get().logProb()).containsExactly(-5);
    }

    @Test
    void cancelledImagesMakeRoomAndAreNotEvaluated() throws Exception {
        Batcher batcher = batcher(2, NO_DELAY, 2, 1);
        batcher.submit(evaluation, FakeModel.images(0));
        model.awaitRun();
        batcher.submit(evaluation, FakeModel.images(1, 2)).cancel(false);
        CompletableFuture<Conditionals> next = batcher.submit(evaluation, FakeModel.images(3, 4));
        model.release(100);
        assertThat(next.get().logProb()).containsExactly(-3, -4);
        assertThat(model.sizes()).containsExactly(1, 2);
    }

    @Test
    void anImageTheModelFailsOnFailsOnlyItsOwnRequest() throws Exception {
        Batcher batcher = batcher(8, NO_DELAY, 64, 1);
        batcher.submit(evaluation, FakeModel.images(0));
        model.awaitRun();
        CompletableFuture<Conditionals> before = batcher.submit(evaluation, FakeModel.images(1));
        CompletableFuture<Conditionals> poisoned = batcher.submit(evaluation, FakeModel.images(2, FakeModel.POISON));
        CompletableFuture<Conditionals> after = batcher.submit(evaluation, FakeModel.images(3));
        model.release(100);
        assertThat(before.get().logProb()).containsExactly(-1);
        assertThat(after.get().logProb()).containsExactly(-3);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(poisoned::get)
                .withCauseInstanceOf(InferenceException.class);
        assertThat(batcher.submit(evaluation, FakeModel.images(4)).get().logProb())
                .as("the worker lives on")
                .containsExactly(-4);
    }

    @Test
    void closingAnswersWhatWasAcceptedAndAcceptsNothingMore() throws Exception {
        Batcher batcher = batcher(2, NO_DELAY, 64, 1);
        List<CompletableFuture<Conditionals>> accepted = new ArrayList<>();
        for (int caller = 0; caller < 7; caller++) {
            accepted.add(batcher.submit(evaluation, FakeModel.images(caller)));
        }
        model.awaitRun();
        Thread closing = Thread.ofVirtual().start(batcher::close);
        model.release(100);
        closing.join();
        for (int caller = 0; caller < 7; caller++) {
            assertThat(accepted.get(caller).get().logProb()).containsExactly(-caller);
        }
        assertThatExceptionOfType(StoppingException.class)
                .isThrownBy(() -> batcher.submit(evaluation, FakeModel.images(8)));
        assertThat(batcher.alive()).isFalse();
    }

    @Test
    void whatIsNotEvaluatedWithinTheDrainTimeoutFails() throws Exception {
        Batcher batcher = open(new BatchSettings(1, NO_DELAY, 64, 1, LOOKOUT, Duration.ZERO));
        batcher.submit(evaluation, FakeModel.images(0));
        model.awaitRun();
        CompletableFuture<Conditionals> waiting = batcher.submit(evaluation, FakeModel.images(1));
        batcher.close();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(waiting::get)
                .withCauseInstanceOf(StoppingException.class);
    }

    /** What can go wrong: a request that comes just when the lookout gives up, and that nobody is woken for. */
    @Test
    void noRequestIsMissedBetweenLookingOutAndSleeping() throws Exception {
        Batcher batcher = batcher(1, NO_DELAY, 64, 2);
        model.release(20_000);
        for (int i = 0; i < 10_000; i++) {
            CompletableFuture<Conditionals> first = batcher.submit(evaluation, FakeModel.images(1));
            CompletableFuture<Conditionals> second = batcher.submit(evaluation, FakeModel.images(2));
            assertThat(first.get().logProb()).containsExactly(-1);
            assertThat(second.get().logProb()).containsExactly(-2);
        }
    }

    private Batcher batcher(int maxImages, Duration maxDelay, int queueImages, int workers) {
        return open(new BatchSettings(maxImages, maxDelay, queueImages, workers, LOOKOUT, Duration.ofSeconds(20)));
    }

    private Batcher open(BatchSettings settings) {
        Batcher batcher = new Batcher(settings, new BatchMeters(registry));
        opened.add(batcher);
        return batcher;
    }
}
