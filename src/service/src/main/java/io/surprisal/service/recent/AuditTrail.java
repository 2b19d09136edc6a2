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
import java.util.List;
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
    private static final int QUEUE = 16_384;
    private static final int TOGETHER = 512;

    private final @Nullable Outbox<RecentDecision> outbox;

    @Inject
    AuditTrail(SurprisalConfig config, MeterRegistry registry) {
        this(file(config.audit()), registry);
        EmptySettings.refuse("surprisal.audit.file");
    }

    /** Begins at once, if there is a file. */
    AuditTrail(@Nullable AuditFile file, MeterRegistry registry) {
        Tally tally = new Tally(
                "verdicts of the audit trail",
                counter(registry, "surprisal.audit.written", "Verdicts that are in the audit trail"),
                counter(registry, "surprisal.audit.lost", "Verdicts that the audit trail has lost"));
        this.outbox =
                file == null ? null : new Outbox<>("surprisal-audit", QUEUE, TOGETHER, tally, new Writer(file, tally));
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
        if (outbox != null) {
            outbox.offer(decision);
        }
    }

    /** Last, when nothing is judged any more. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent stop) throws InterruptedException {
        if (outbox != null) {
            outbox.stop();
        }
    }

    private record Writer(AuditFile file, Tally tally) implements Outbox.Carrier<RecentDecision> {
        @Override
        public void carry(List<RecentDecision> decisions) {
            StringBuilder lines = new StringBuilder();
            decisions.forEach(
                    decision -> lines.append(DecisionJson.of(decision)).append('\n'));
            try {
                file.append(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
                tally.handedOn(decisions.size());
            } catch (IOException | RuntimeException e) {
                tally.lost(decisions.size(), "expected to write them, found " + e);
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
