package io.surprisal.service.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Begins traces of requests and sends them to a collector, in the background and in batches; nobody waits for that, and what a collector
 * does not take is dropped. Without {@code surprisal.tracing.endpoint} nothing of OpenTelemetry's SDK is started. Thread-safe.
 */
@Singleton
// The exporter looks its sender up by name, which the executable has to be told of.
@RegisterForReflection(classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider")
public final class Tracing {
    private static final Logger LOG = Logger.getLogger(Tracing.class);
    private static final long FLUSH_SECONDS = 5;

    private final @Nullable SdkTracerProvider provider;
    private final @Nullable Tracer tracer;

    Tracing(SurprisalConfig config) {
        SurprisalConfig.Tracing tracing = config.tracing();
        if (!(tracing.ratio() >= 0 && tracing.ratio() <= 1)) {
            throw new IllegalArgumentException("expected surprisal.tracing.ratio in 0..1, found " + tracing.ratio());
        }
        this.provider = tracing.endpoint()
                .map(endpoint -> provider(endpoint, tracing.serviceName(), tracing.ratio()))
                .orElse(null);
        this.tracer = provider == null ? null : provider.get("io.surprisal");
    }

    /** Whether requests are traced. */
    public boolean isOn() {
        return tracer != null;
    }

    /**
     * Begins the span of a request that has come.
     *
     * @param name the same for all of its kind
     * @param headers by lower-case name; null for one that is not there. They say which trace it belongs to, if any
     */
    public Trace receive(String name, Function<String, @Nullable String> headers) {
        if (tracer == null) {
            return Trace.NONE;
        }
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, Headers.INSTANCE);
        return Trace.begin(tracer, name, SpanKind.SERVER, parent);
    }

    /** After the last answers. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent stop) {
        if (provider != null) {
            provider.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static SdkTracerProvider provider(URI endpoint, String service, double ratio) {
        String traces = endpoint.toString().replaceFirst("/*$", "") + "/v1/traces";
        LOG.infof("traces of requests go to %s", traces);
        return SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), service))))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(traces)
                                .build())
                        .build())
                .build();
    }

    private enum Headers implements TextMapGetter<Function<String, @Nullable String>> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Function<String, @Nullable String> headers) {
            return List.of(); // only asked for by formats that carry more than the trace
        }

        @Override
        public @Nullable String get(@Nullable Function<String, @Nullable String> headers, String name) {
            return headers == null ? null : headers.apply(name);
        }
    }
}
