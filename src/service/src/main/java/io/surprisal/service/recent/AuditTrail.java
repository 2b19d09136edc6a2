package io.surprisal.service.recent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
public final class AuditTrail {
    private static final Logger LOG = Logger.getLogger(AuditTrail.class);
    private static final int QUEUE = 16_384;
    private static final int TOGETHER = 512;
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final @Nullable AuditFile file;
    private final Counter written;
    private final Counter lost;
    private final ObjectMapper json = new ObjectMapper();
    private final BlockingQueue<RecentDecision> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread writer = new Thread(this::write, "surprisal-audit");
    private volatile boolean stopping;
    private long saidAt = System.nanoTime() - SAY_AGAIN_NANOS; // the writer's

    @Inject
    AuditTrail(SurprisalConfig config, MeterRegistry registry) {
        this(file(config.audit()), registry);
        EmptySettings.refuse("surprisal.audit.file");
    }

    /** Begins at once, if there is a file. */
    AuditTrail(@Nullable AuditFile file, MeterRegistry registry) {
        this.file = file;
        this.written = counter(registry, "surprisal.audit.written", "Verdicts that are in the audit trail");
        this.lost = counter(registry, "surprisal.audit.lost", "Verdicts that the audit trail has lost");
        if (file != null) {
            writer.setDaemon(true);
            writer.start();
        }
    }

    private static @Nullable AuditFile file(SurprisalConfig.Audit config) {
        Path path = config.file().orElse(null);
        return path == null ? null : new AuditFile(path, config.size().asLongValue(), config.kept());
    }

    boolean enabled() {
        return file != null;
    }

    /** Takes a decision, and returns at once. */
    void add(RecentDecision decision) {
        if (enabled() && !queue.offer(decision)) {
            lost.increment();
        }
    }

    /** Writes what has been taken, for two seconds at most; last, when nothing is judged any more. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent stop) throws InterruptedException {
        stopping = true;
        if (enabled()) {
            writer.join(LAST_WORDS.toMillis());
            List<RecentDecision> left = new ArrayList<>();
            queue.drainTo(left);
            if (!left.isEmpty()) {
                lost.increment(left.size());
                LOG.errorf(
                        "%d verdicts are missing in the audit trail: there was no time left to write them",
                        left.size());
            }
        }
    }

    private void write() {
        List<RecentDecision> together = new ArrayList<>(TOGETHER);
        try {
            while (!(stopping && queue.isEmpty())) {
                RecentDecision first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    together.add(first);
                    queue.drainTo(together, TOGETHER - 1);
                    write(together);
                    together.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    private void write(List<RecentDecision> decisions) {
        StringBuilder lines = new StringBuilder();
        decisions.forEach(decision -> lines.append(line(decision)).append('\n'));
        try {
            if (file != null) {
                file.append(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
                written.increment(decisions.size());
            }
        } catch (IOException e) {
            lost.increment(decisions.size());
            if (System.nanoTime() - saidAt >= SAY_AGAIN_NANOS) {
                saidAt = System.nanoTime();
                LOG.errorf("verdicts are missing in the audit trail: expected to write them, found %s", e);
            }
        }
    }

    private String line(RecentDecision decision) {
        ObjectNode line = json.createObjectNode()
                .put("number", decision.number())
                .put("at", decision.at().toString())
                .put("model", decision.model())
                .put("version", decision.version())
                .put("flagged", decision.flagged())
                .put("statistic", decision.statistic())
                .put("pValue", decision.pValue())
                .put("falsePositiveRate", decision.falsePositiveRate());
        if (Double.isFinite(decision.bitsPerDimension())) {
            line.put("bitsPerDimension", decision.bitsPerDimension());
        } else {
            line.putNull("bitsPerDimension"); // an impossible image; JSON has no infinity
        }
        return line.put("reason", decision.reason()).toString();
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
