package io.surprisal.service.recent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Every decision, a line of JSON each, in the file {@code surprisal.audit.file}; a file that has grown to {@code surprisal.audit.size} is
 * renamed to {@code .1}, what was there to {@code .2}, and so on.
 *
 * <p>A thread of its own writes; nobody waits for it. What cannot be written, because the disk is full or slower than the decisions, is
 * counted ({@code surprisal_audit_lost_total}) and logged once a minute, and verdicts go on: an auditor who must not miss one alarms on
 * that. What is in the file are whole lines. Thread-safe.
 */
@Singleton
public final class AuditTrail {
    private static final Logger LOG = Logger.getLogger(AuditTrail.class);
    private static final int QUEUE = 16_384;
    private static final int TOGETHER = 512;
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final @Nullable Path file;
    private final long size;
    private final int kept;
    private final Counter written;
    private final Counter lost;
    private final ObjectMapper json = new ObjectMapper();
    private final BlockingQueue<RecentDecision> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread writer = new Thread(this::write, "surprisal-audit");
    private volatile boolean stopping;

    // What follows belongs to the writer.
    private @Nullable FileChannel channel;
    private long saidAt = System.nanoTime() - SAY_AGAIN_NANOS;

    @Inject
    AuditTrail(SurprisalConfig config, MeterRegistry registry) {
        this(
                config.audit().file().orElse(null),
                config.audit().size().asLongValue(),
                config.audit().kept(),
                registry);
    }

    /** Begins at once, if there is a file. */
    AuditTrail(@Nullable Path file, long size, int kept, MeterRegistry registry) {
        if (kept < 1) {
            throw new IllegalArgumentException("expected surprisal.audit.kept to be 1 or more, found " + kept);
        }
        this.file = file;
        this.size = size;
        this.kept = kept;
        this.written = counter(registry, "surprisal.audit.written", "Decisions that are in the audit trail");
        this.lost = counter(registry, "surprisal.audit.lost", "Decisions that the audit trail has lost");
        if (file != null) {
            writer.setDaemon(true);
            writer.start();
        }
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
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<RecentDecision> decisions) {
        StringBuilder lines = new StringBuilder();
        decisions.forEach(decision -> lines.append(line(decision)).append('\n'));
        try {
            append(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
            written.increment(decisions.size());
        } catch (IOException e) {
            close();
            lost.increment(decisions.size());
            if (System.nanoTime() - saidAt >= SAY_AGAIN_NANOS) {
                saidAt = System.nanoTime();
                LOG.errorf("decisions are missing in the audit trail: expected to write %s, found %s", file, e);
            }
        }
    }

    private void append(ByteBuffer lines) throws IOException {
        FileChannel open = opened();
        long before = open.size();
        if (before > 0 && before + lines.remaining() > size) {
            close();
            rotate();
            open = opened();
            before = open.size();
        }
        try {
            while (lines.hasRemaining()) {
                open.write(lines);
            }
        } catch (IOException e) {
            undo(open, before);
            throw e;
        }
    }

    /** A full disk takes half a line. */
    private static void undo(FileChannel open, long before) {
        try {
            open.truncate(before);
        } catch (IOException e) {
            LOG.debugf("the audit trail ends in the middle of a line: %s", e);
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = FileChannel.open(path(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            channel = open;
        }
        return open;
    }

    private void rotate() throws IOException {
        for (int number = kept - 1; number >= 1; number--) {
            Path older = numbered(number);
            if (Files.exists(older)) {
                Files.move(older, numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path(), numbered(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path numbered(int number) {
        return path().resolveSibling(path().getFileName() + "." + number);
    }

    private Path path() {
        if (file == null) {
            throw new IllegalStateException("expected a file for the audit trail");
        }
        return file;
    }

    private void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debugf("the audit trail could not be closed: %s", e);
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
