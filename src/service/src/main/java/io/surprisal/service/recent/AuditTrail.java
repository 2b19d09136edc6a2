package io.surprisal.service.recent;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.service.config.EmptySettings;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Every verdict on an image, a line of JSON each, in the file {@code surprisal.audit.file}.
 *
 * <p>A thread of its own writes; nobody waits for it. What cannot be written, because the disk is full or slower than the verdicts, is
 * counted ({@code surprisal_audit_lost_total}) and logged once a minute, and verdicts go on: whoever must not miss one alarms on that.
 * Thread-safe.
 */
@Singleton
public final class AuditTrail implements DecisionSink {
    private static final Logger LOG = Logger.getLogger(AuditTrail.class);
    private static final int QUEUE = 16_384;
    private static final int TOGETHER = 512;
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Counter written;
    private final Counter lost;
    private final @Nullable Outbox<RecentDecision> outbox;

    @Inject
    AuditTrail(SurprisalConfig config, MeterRegistry registry) {
        this(file(config.audit()), registry);
        EmptySettings.refuse("surprisal.audit.file");
    }

    /** Begins at once, if there is a file. */
    AuditTrail(@Nullable AuditFile file, MeterRegistry registry) {
        this.written = counter(registry, "surprisal.audit.written", "Verdicts that are in the audit trail");
        this.lost = counter(registry, "surprisal.audit.lost", "Verdicts that the audit trail has lost");
        this.outbox = file == null ? null : new Outbox<>("surprisal-audit", QUEUE, TOGETHER, new Writer(file));
    }

    private static @Nullable AuditFile file(SurprisalConfig.Audit config) {
        Path path = config.file().orElse(null);
        return path == null ? null : new AuditFile(path, config.size().asLongValue(), config.kept());
    }

    @Override
    public boolean enabled() {
        return outbox != null;
    }

    @Override
    public void add(RecentDecision decision, Levels images, int index) {
        add(decision);
    }

    void add(RecentDecision decision) {
        if (outbox != null && !outbox.offer(decision)) {
            lost.increment();
        }
    }

    /** Writes what has been taken, for two seconds at most; last, when nothing is judged any more. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent stop) throws InterruptedException {
        int left = outbox == null ? 0 : outbox.stop(LAST_WORDS);
        if (left > 0) {
            lost.increment(left);
            LOG.errorf("%d verdicts are missing in the audit trail: there was no time left to write them", left);
        }
    }

    private final class Writer implements Outbox.Carrier<RecentDecision> {
        private final AuditFile file;
        private long saidAt = System.nanoTime() - SAY_AGAIN_NANOS;

        Writer(AuditFile file) {
            this.file = file;
        }

        @Override
        public void carry(List<RecentDecision> decisions) {
            StringBuilder lines = new StringBuilder();
            decisions.forEach(
                    decision -> lines.append(DecisionJson.of(decision)).append('\n'));
            try {
                file.append(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
                written.increment(decisions.size());
            } catch (IOException | RuntimeException e) {
                lost.increment(decisions.size());
                if (System.nanoTime() - saidAt >= SAY_AGAIN_NANOS) {
                    saidAt = System.nanoTime();
                    LOG.errorf("verdicts are missing in the audit trail: expected to write them, found %s", e);
                }
            }
        }

        @Override
        public void close() {
            file.close();
        }
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
