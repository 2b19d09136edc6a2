package io.surprisal.service.gate;

import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.surprisal.service.config.SurprisalConfig;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * TLS of the reverse proxy, towards its callers and towards the classifier, by the TLS configurations of Quarkus
 * ({@code quarkus.tls.NAME}). Certificates that are renewed there are shown from then on. Thread-safe.
 */
@Singleton
final class GateTls {
    private static final Logger LOG = Logger.getLogger(GateTls.class);
    private static final String CALLERS = "surprisal.gate.tls-configuration-name";
    private static final String CLASSIFIER = "surprisal.gate.upstream-tls-configuration-name";

    private final SurprisalConfig.Gate config;
    private final TlsConfigurationRegistry registry;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    GateTls(SurprisalConfig config, TlsConfigurationRegistry registry) {
        this.config = config.gate();
        this.registry = registry;
    }

    /** Whether callers have to speak it. */
    boolean isSpoken() {
        return config.tlsConfigurationName().isPresent();
    }

    /**
     * Adds to the options of the server what callers are shown.
     *
     * @throws IllegalArgumentException when there is no such configuration, or certificates are asked for and TLS is not
     */
    void configure(HttpServerOptions options) {
        Optional<TlsConfiguration> tls = config.tlsConfigurationName().map(name -> named(CALLERS, name));
        if (tls.isEmpty()) {
            if (config.clientCertificates()) {
                throw new IllegalArgumentException(
                        "expected %s to be set, since surprisal.gate.client-certificates is true; found nothing"
                                .formatted(CALLERS));
            }
            return;
        }
        if (tls.get().getKeyStoreOptions() == null) {
            throw new IllegalArgumentException(
                    "%s: expected a configuration with a key store, found none".formatted(CALLERS));
        }
        TlsConfigUtils.configure(options, tls.get());
        options.setUseAlpn(true);
        if (config.clientCertificates()) {
            options.setClientAuth(ClientAuth.REQUIRED);
        }
    }

    /** Adds to the options of a client whom it trusts, and what it shows. */
    void configure(HttpClientOptions options) {
        config.upstreamTlsConfigurationName()
                .map(name -> named(CLASSIFIER, name))
                .ifPresent(tls -> TlsConfigUtils.configure(options, tls));
    }

    /** Renews the certificates of a server from now on. */
    void watch(HttpServer server) {
        servers.add(server);
    }

    void renewed(@Observes CertificateUpdatedEvent event) {
        if (config.tlsConfigurationName().filter(event.name()::equals).isPresent()) {
            servers.forEach(server -> server.updateSSLOptions(
                            event.tlsConfiguration().getSSLOptions())
                    .onFailure(refused -> LOG.errorf("the gate goes on with its old certificate: %s", refused)));
        }
    }

    private TlsConfiguration named(String setting, String name) {
        return registry.get(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: expected the name of a TLS configuration (quarkus.tls.%s), found none"
                                .formatted(setting, name)));
    }
}
