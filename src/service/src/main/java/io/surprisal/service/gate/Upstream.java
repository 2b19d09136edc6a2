package io.surprisal.service.gate;

import io.surprisal.service.config.SurprisalConfig;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/** The classifier: where it is, and the connections to it of one event loop. gRPC goes over HTTP/2, everything else over HTTP/1.1. */
final class Upstream {
    private final URI http;
    private final URI grpc;
    private final long timeoutMillis;
    private final HttpClient http1;
    private final HttpClient http2;

    Upstream(Vertx vertx, SurprisalConfig.Gate config, GateTls tls) {
        this.http = config.upstream().orElseThrow();
        this.grpc = config.upstreamGrpc().orElse(http);
        this.timeoutMillis = config.upstreamTimeout().toMillis();
        HttpClientOptions options = new HttpClientOptions()
                .setMaxPoolSize(config.upstreamConnections())
                .setConnectTimeout((int) config.upstreamTimeout().toMillis())
                .setDecompressionSupported(false);
        tls.configure(options);
        this.http1 = vertx.createHttpClient(new HttpClientOptions(options).setProtocolVersion(HttpVersion.HTTP_1_1));
        this.http2 = vertx.createHttpClient(new HttpClientOptions(options)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setUseAlpn("https".equals(grpc.getScheme())));
        tls.watch(http1);
        tls.watch(http2);
    }

    /** Opens the request that goes on in place of {@code request}, its body still to be sent. */
    Future<HttpClientRequest> open(HttpServerRequest request, MultiMap headers, boolean isGrpc) {
        URI target = isGrpc ? grpc : http;
        boolean tls = "https".equals(target.getScheme());
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost(target.getHost())
                .setPort(target.getPort() >= 0 ? target.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(request.uri())
                .setHeaders(headers)
                .setTimeout(timeoutMillis);
        return (isGrpc ? http2 : http1).request(options);
    }
}
