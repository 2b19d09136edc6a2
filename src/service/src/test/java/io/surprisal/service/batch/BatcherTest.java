package io.surprisal.service.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.Priority;
import io.surprisal.service.metrics.BatchMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private static final Claim MUCH = new Claim("much", Priority.NORMAL);
    private static final Claim LITTLE = new Claim("little", Priority.NORMAL);

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
        occupyWorker(batcher);
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
        occupyWorker(batcher);
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
        occupyWorker(batcher);
        batcher.submit(evaluation, FakeModel.images(1, 2));
        assertThatExceptionOfType(QueueFullException.class)
                .isThrownBy(() -> batcher.submit(evaluation, FakeModel.images(3, 4)))
                .withMessageContaining("2 images wait, at most 3 may, and this request brings 2")
                .satisfies(full -> assertThat(full.retryAfter()).isPositive());
        assertThatExceptionOfType(QueueFullException.class)
                .isThrownBy(() -> batcher.requireRoom(Claim.ANONYMOUS, 2, 1));
        assertThat(registry.get("surprisal.rejected").counter().count()).isEqualTo(2);
        assertThat(registry.get("surprisal.queue.images").gauge().value()).isEqualTo(2);
        model.release(100);
        CompletableFuture<Conditionals> fits = batcher.submit(evaluation, FakeModel.images(5));
        assertThat(fits.get().logProb()).containsExactly(-5);
    }

    @Test
    void cancelledImagesMakeRoomAndAreNotEvaluated() throws Exception {
        Batcher batcher = batcher(2, NO_DELAY, 2, 1);
        occupyWorker(batcher);
        batcher.submit(evaluation, FakeModel.images(1, 2)).cancel(false);
        CompletableFuture<Conditionals> next = batcher.submit(evaluation, FakeModel.images(3, 4));
        model.release(100);
        assertThat(next.get().logProb()).containsExactly(-3, -4);
        assertThat(model.sizes()).containsExactly(1, 2);
    }

    @Test
    void anImageTheModelFailsOnFailsOnlyItsOwnRequest() throws Exception {
        Batcher batcher = batcher(8, NO_DELAY, 64, 1);
        occupyWorker(batcher);
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
        Batcher batcher = open(new BatchSettings(1, NO_DELAY, 64, 1 << 20, 1, LOOKOUT, Duration.ZERO));
        occupyWorker(batcher);
        CompletableFuture<Conditionals> waiting = batcher.submit(evaluation, FakeModel.images(1));
        batcher.close();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(waiting::get)
                .withCauseInstanceOf(StoppingException.class);
    }

    @Test
    void whoeverSendsLittleDoesNotWaitForWhoeverSendsMuch() throws Exception {
        Batcher batcher = batcher(1, NO_DELAY, 64, 1);
        List<String> order = new CopyOnWriteArrayList<>();
        occupyWorker(batcher);
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int image = 1; image <= 4; image++) {
            all.add(noting(order, "much " + image, batcher.submit(evaluation, FakeModel.images(1), MUCH)));
        }
        for (int image = 1; image <= 2; image++) {
            all.add(noting(order, "little " + image, batcher.submit(evaluation, FakeModel.images(1), LITTLE)));
        }
        model.release(100);
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
        assertThat(order).containsExactly("much 1", "little 1", "much 2", "little 2", "much 3", "much 4");
    }

    @Test
    void aLargeRequestTakesTurnsWithSmallOnes() throws Exception {
        Batcher batcher = batcher(2, NO_DELAY, 64, 1);
        List<String> order = new CopyOnWriteArrayList<>();
        occupyWorker(batcher);
        CompletableFuture<?> large =
                noting(order, "large", batcher.submit(evaluation, FakeModel.images(1, 2, 3, 4, 5, 6), MUCH));
        CompletableFuture<?> first = noting(order, "first", batcher.submit(evaluation, FakeModel.images(1, 2), LITTLE));
        CompletableFuture<?> second =
                noting(order, "second", batcher.submit(evaluation, FakeModel.images(1, 2), LITTLE));
        model.release(100);
        CompletableFuture.allOf(large, first, second).get();
        assertThat(order).containsExactly("first", "second", "large");
    }

    @Test
    void whoCancelsDoesNotWaitForWhatIsNotEvaluated() throws Exception {
        Batcher batcher = batcher(1, NO_DELAY, 64, 1);
        List<String> order = new CopyOnWriteArrayList<>();
        occupyWorker(batcher);
        for (int image = 0; image < 20; image++) {
            batcher.submit(evaluation, FakeModel.images(1), MUCH).cancel(false);
        }
        assertThat(batcher.waiting()).isZero();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int image = 1; image <= 3; image++) {
            all.add(noting(order, "little " + image, batcher.submit(evaluation, FakeModel.images(1), LITTLE)));
        }
        batcher.submit(evaluation, FakeModel.images(1), MUCH).cancel(false);
        all.add(noting(order, "much", batcher.submit(evaluation, FakeModel.images(1), MUCH)));
        model.release(100);
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
        assertThat(order).containsExactly("little 1", "much", "little 2", "little 3");
    }

    /** What can go wrong: the head is cancelled when a worker is about to take it, and an empty batch means the end to it. */
    @Test
    void noWorkerIsLostToACancelledHead() throws Exception {
        Batcher batcher = batcher(1, NO_DELAY, 64, 2);
        model.release(1_000_000);
        for (int i = 0; i < 20_000; i++) {
            CompletableFuture<Conditionals> fleeting = batcher.submit(evaluation, FakeModel.images(1));
            fleeting.cancel(false);
        }
        assertThat(batcher.alive()).isTrue();
        assertThat(batcher.submit(evaluation, FakeModel.images(2)).get().logProb())
                .containsExactly(-2);
    }

    @Test
    void nothingIsEvaluatedWhileSomethingMoreUrgentWaits() throws Exception {
        Batcher batcher = batcher(1, NO_DELAY, 64, 1);
        List<String> order = new CopyOnWriteArrayList<>();
        occupyWorker(batcher);
        CompletableFuture<?> bulk =
                noting(order, "bulk", batcher.submit(evaluation, FakeModel.images(1), LITTLE.as(Priority.BULK)));
        CompletableFuture<?> first = noting(order, "first", batcher.submit(evaluation, FakeModel.images(1), MUCH));
        CompletableFuture<?> second = noting(order, "second", batcher.submit(evaluation, FakeModel.images(1), MUCH));
        model.release(100);
        CompletableFuture.allOf(bulk, first, second).get();
        assertThat(order).containsExactly("first", "second", "bulk");
    }

    @Test
    void whoeverFloodsTheServiceGivesWayAndNotThoseBeside() throws Exception {
        Batcher batcher = batcher(1, NO_DELAY, 4, 1);
        occupyWorker(batcher);
        List<CompletableFuture<Conditionals>> much = new ArrayList<>();
        for (int image = 1; image <= 4; image++) {
            much.add(batcher.submit(evaluation, FakeModel.images(image), MUCH));
        }
        assertThatExceptionOfType(QueueFullException.class)
                .as("it displaces nothing of its own")
                .isThrownBy(() -> batcher.submit(evaluation, FakeModel.images(5), MUCH));
        batcher.requireRoom(LITTLE, 1, 1);
        assertThat(much).as("asking takes nothing").noneMatch(CompletableFuture::isDone);
        CompletableFuture<Conditionals> first = batcher.submit(evaluation, FakeModel.images(6), LITTLE);
        CompletableFuture<Conditionals> second = batcher.submit(evaluation, FakeModel.images(7), LITTLE);
        assertThatExceptionOfType(QueueFullException.class)
                .as("each has two now")
                .isThrownBy(() -> batcher.submit(evaluation, FakeModel.images(8), LITTLE));
        assertThat(batcher.waiting()).isEqualTo(4);
        model.release(100);
        assertThat(first.get().logProb()).containsExactly(-6);
        assertThat(second.get().logProb()).containsExactly(-7);
        assertThat(much.get(0).get().logProb()).containsExactly(-1);
        assertThat(much.get(1).get().logProb()).containsExactly(-2);
        for (CompletableFuture<Conditionals> newest : much.subList(2, 4)) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(newest::get)
                    .withCauseInstanceOf(QueueFullException.class)
                    .withMessageContaining("gave way");
        }
        assertThat(registry.get("surprisal.rejected").counter().count()).isEqualTo(4);
    }

    @Test
    void aFullQueueLetsGoWhatIsLessUrgent() throws Exception {
        Batcher batcher = batcher(4, NO_DELAY, 4, 1);
        occupyWorker(batcher);
        CompletableFuture<Conditionals> bulk =
                batcher.submit(evaluation, FakeModel.images(1, 2, 3, 4), MUCH.as(Priority.BULK));
        CompletableFuture<Conditionals> urgent = batcher.submit(evaluation, FakeModel.images(5), MUCH);
        assertThat(bulk).isCompletedExceptionally();
        assertThatExceptionOfType(QueueFullException.class)
                .as("not the other way round")
                .isThrownBy(() -> batcher.submit(evaluation, FakeModel.images(1, 2, 3, 4), LITTLE.as(Priority.BULK)));
        model.release(100);
        assertThat(urgent.get().logProb()).containsExactly(-5);
    }

    @Test
    void aRequestThatWouldBeLeftWithLessThanTheNewcomerStays() throws Exception {
        Batcher batcher = batcher(4, NO_DELAY, 4, 1);
        occupyWorker(batcher);
        CompletableFuture<Conditionals> large = batcher.submit(evaluation, FakeModel.images(1, 2, 3, 4), MUCH);
        assertThatExceptionOfType(QueueFullException.class)
                .isThrownBy(() -> batcher.submit(evaluation, FakeModel.images(5), LITTLE));
        model.release(100);
        assertThat(large.get().logProb()).containsExactly(-1, -2, -3, -4);
    }

    @Test
    void whatWaitsIsBoundedInBytesToo() throws Exception {
        Batcher batcher = open(new BatchSettings(4, NO_DELAY, 64, 3, 1, LOOKOUT, Duration.ofSeconds(20)));
        occupyWorker(batcher);
        CompletableFuture<Conditionals> fits = batcher.submit(evaluation, FakeModel.images(1, 2, 3));
        assertThatExceptionOfType(QueueFullException.class)
                .isThrownBy(() -> batcher.submit(evaluation, FakeModel.images(4)))
                .withMessageContaining("3 bytes of images wait, at most 3 may, and this request brings 1");
        model.release(100);
        assertThat(fits.get().logProb()).containsExactly(-1, -2, -3);
    }

    /** What is submitted next waits, until the model is released. */
    private void occupyWorker(Batcher batcher) throws InterruptedException {
        batcher.submit(evaluation, FakeModel.images(0));
        model.awaitRun();
    }

    private static CompletableFuture<?> noting(List<String> order, String name, CompletableFuture<?> future) {
        return future.thenRun(() -> order.add(name));
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
        return open(
                new BatchSettings(maxImages, maxDelay, queueImages, 1 << 20, workers, LOOKOUT, Duration.ofSeconds(20)));
    }

    private Batcher open(BatchSettings settings) {
        Batcher batcher = new Batcher(settings, new BatchMeters(registry));
        opened.add(batcher);
        return batcher;
    }
}
