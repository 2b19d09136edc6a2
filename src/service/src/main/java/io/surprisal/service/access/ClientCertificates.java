package io.surprisal.service.access;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.surprisal.service.config.SurprisalConfig;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/** Asks for certificates of HTTPS clients. Quarkus has a setting of its own, which is fixed when the program is built. */
@Singleton
final class ClientCertificates implements HttpServerOptionsCustomizer {
    private final boolean required;

    ClientCertificates(SurprisalConfig config) {
        this.required = config.access().clientCertificates();
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        if (required) {
            options.setClientAuth(ClientAuth.REQUIRED);
        }
    }
}
