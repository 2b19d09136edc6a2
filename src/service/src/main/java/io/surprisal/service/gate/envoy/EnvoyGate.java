package io.surprisal.service.gate.envoy;

import com.google.protobuf.ByteString;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.Priority;
import io.surprisal.service.gate.Gate;
import io.surprisal.service.gate.GatedRequest;
import io.surprisal.service.gate.Ruling;
import io.surprisal.service.trace.Trace;
import io.surprisal.service.trace.Tracing;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Rulings on requests as Envoy tells of them, in the trace that they belong to. */
@Singleton
final class EnvoyGate {
    private final Gate gate;
    private final Tracing tracing;

    EnvoyGate(Gate gate, Tracing tracing) {
        this.gate = gate;
        this.tracing = tracing;
    }

    /** As {@link Gate#passes}. */
    boolean passes(String path) {
        return gate.passes(path);
    }

    /**
     * As {@link Gate#rule}.
     *
     * @param replaceable whether Envoy takes another body in its place
     */
    CompletableFuture<Ruling> rule(String path, Map<String, String> headers, ByteString body, boolean replaceable) {
        Trace trace = tracing.receive("gate", headers::get).with("url.path", path);
        Claim caller = new Claim(EnvoyHeaders.caller(headers), Priority.NORMAL, trace);
        return gate.rule(new GatedRequest(path, headers::get, caller, body.toByteArray(), replaceable))
                .whenComplete((ruling, failure) -> trace.end());
    }
}
