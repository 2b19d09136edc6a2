package io.surprisal.service.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A span of a request that is being traced, or {@link #NONE}, on which everything does nothing. Thread-safe. */
public final class Trace {
    /** Of a request that is not traced. */
    public static final Trace NONE = new Trace(null, Span.getInvalid(), Context.root());

    private static final int FIRST_SERVER_ERROR = 500;

    private final @Nullable Tracer tracer;
    private final Span span;
    private final Context context;

    private Trace(@Nullable Tracer tracer, Span span, Context context) {
        this.tracer = tracer;
        this.span = span;
        this.context = context;
    }

    /**
     * Begins a span.
     *
     * @param parent which it belongs to, as it came from elsewhere
     */
    static Trace begin(Tracer tracer, String name, SpanKind kind, Context parent) {
        Span span = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent).startSpan();
        return new Trace(tracer, span, parent.with(span));
    }

    /** Whether it is recorded; what is only worked out for a trace need not be otherwise. */
    public boolean isRecorded() {
        return span.isRecording();
    }

    /** Begins a call of something else, which is told by {@link #headers}. */
    public Trace call(String name) {
        return tracer == null ? NONE : begin(tracer, name, SpanKind.CLIENT, context);
    }

    /**
     * Notes a part of it that is over.
     *
     * @param begunNanos by {@link System#nanoTime}
     * @param endedNanos by the same
     * @param images it was about
     */
    public void past(String name, long begunNanos, long endedNanos, int images) {
        if (tracer == null || !isRecorded()) {
            return;
        }
        Instant ended = Instant.now().minusNanos(System.nanoTime() - endedNanos);
        Span part = tracer.spanBuilder(name)
                .setParent(context)
                .setStartTimestamp(ended.minusNanos(endedNanos - begunNanos))
                .setAttribute("surprisal.images", images)
                .startSpan();
        part.end(ended);
    }

    /** Notes something about it. */
    public Trace with(String name, String value) {
        span.setAttribute(name, value);
        return this;
    }

    /** Notes something about it. */
    public Trace with(String name, long value) {
        span.setAttribute(name, value);
        return this;
    }

    /** Whether requests are traced at all, this one or others. */
    public boolean isOn() {
        return tracer != null;
    }

    /** Ends it with the status of an HTTP answer; one of 500 or more is a failure of this side. */
    public void answered(int status) {
        with("http.response.status_code", status);
        if (status >= FIRST_SERVER_ERROR) {
            fail("answered " + status);
        } else {
            end();
        }
    }

    /** Ends it. */
    public void end() {
        span.end();
    }

    /** Ends it as something that went wrong; what has been ended stays as it is. */
    public void fail(String reason) {
        span.setStatus(StatusCode.ERROR, reason);
        span.end();
    }

    /** What tells the one that is called of it: headers by their names (W3C Trace Context). */
    public Map<String, String> headers() {
        if (tracer == null) {
            return Map.of();
        }
        Map<String, String> headers = new HashMap<>();
        W3CTraceContextPropagator.getInstance()
                .inject(
                        context,
                        headers,
                        (into, name, value) -> Objects.requireNonNull(into).put(name, value));
        return headers;
    }
}
