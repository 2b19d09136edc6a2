package io.surprisal.service.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IdleWorkersTest {
    private final ReentrantLock lock = new ReentrantLock();
    private final BlockingQueue<String> awake = new LinkedBlockingQueue<>();

    @Test
    void theOneThatFellAsleepLastIsWokenFirst() throws Exception {
        IdleWorkers idle = new IdleWorkers(lock, Duration.ZERO);
        for (String name : List.of("first", "second", "third")) {
            fallAsleep(name, idle);
        }
        for (String name : List.of("third", "second", "first")) {
            locked(idle::wakeOne);
            assertThat(awake.take()).isEqualTo(name);
        }
    }

    @Test
    void allAreWokenTogether() throws Exception {
        IdleWorkers idle = new IdleWorkers(lock, Duration.ZERO);
        fallAsleep("first", idle);
        fallAsleep("second", idle);
        locked(idle::wakeAll);
        assertThat(List.of(awake.take(), awake.take())).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void aLookoutSeesWorkThatNobodyWakesItFor() throws Exception {
        IdleWorkers idle = new IdleWorkers(lock, Duration.ofHours(1));
        AtomicBoolean work = new AtomicBoolean(true);
        Thread worker = Thread.ofPlatform()
                .daemon()
                .start(() -> locked(() -> {
                    await(idle, work); // at once: from now on requests are close together
                    work.set(false);
                    awake.add("ready");
                    await(idle, work);
                    awake.add("found");
                }));
        assertThat(awake.take()).isEqualTo("ready");
        work.set(true);
        assertThat(awake.take()).isEqualTo("found");
        worker.join();
    }

    private void fallAsleep(String name, IdleWorkers idle) {
        Thread worker = Thread.ofPlatform()
                .daemon()
                .start(() -> locked(() -> {
                    await(idle, new AtomicBoolean());
                    awake.add(name);
                }));
        while (worker.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void await(IdleWorkers idle, AtomicBoolean work) {
        try {
            idle.await(work::get);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
