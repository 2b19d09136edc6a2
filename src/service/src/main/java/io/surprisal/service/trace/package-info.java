/**
 * Requests as OpenTelemetry traces, where {@code surprisal.tracing.endpoint} is set: what waited for what, across the gate, the queue, the
 * model and the classifier. {@link io.surprisal.service.trace.Tracing} begins one, {@link io.surprisal.service.trace.Trace} goes along.
 */
@NullMarked
package io.surprisal.service.trace;

import org.jspecify.annotations.NullMarked;
