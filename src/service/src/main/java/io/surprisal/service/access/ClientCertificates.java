package io.surprisal.service.access;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.surprisal.service.config.SurprisalConfig;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Asks for certificates of HTTPS clients. Quarkus has a setting of its own, which is fixed when the program is built. */
@Singleton
final class ClientCertificates implements HttpServerOptionsCustomizer {
    private static final String INSECURE = "quarkus.http.insecure-requests";
    private static final Set<String> CLOSED = Set.of("disabled", "redirect");

    private final boolean required;
    private final Optional<String> insecureRequests;

    ClientCertificates(SurprisalConfig config, @ConfigProperty(name = INSECURE) Optional<String> insecureRequests) {
        this.required = config.access().clientCertificates();
        this.insecureRequests = insecureRequests;
    }

    /** Beside an open port without TLS, asking for certificates would keep nobody out. */
    void check(@Observes StartupEvent start) {
        if (required && insecureRequests.filter(CLOSED::contains).isEmpty()) {
            throw new IllegalArgumentException(
                    "expected %s to be one of %s, since surprisal.access.client-certificates is true; found %s"
                            .formatted(INSECURE, CLOSED, insecureRequests.orElse("nothing")));
        }
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        if (required) {
            options.setClientAuth(ClientAuth.REQUIRED);
        }
    }
}
