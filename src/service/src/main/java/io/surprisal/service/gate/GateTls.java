package io.surprisal.service.gate;

import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.surprisal.service.config.EmptySettings;
import io.surprisal.service.config.SurprisalConfig;
import io.vertx.core.Future;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SSLOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
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
    private final List<HttpClient> clients = new CopyOnWriteArrayList<>();

    GateTls(SurprisalConfig config, TlsConfigurationRegistry registry) {
        this.config = config.gate();
        EmptySettings.refuse(CALLERS);
        EmptySettings.refuse(CLASSIFIER);
        boolean https = Stream.of(this.config.upstream(), this.config.upstreamGrpc())
                .flatMap(Optional::stream)
                .anyMatch(address -> "https".equals(address.getScheme()));
        if (this.config.upstreamTlsConfigurationName().isPresent() && !https) {
            throw new IllegalArgumentException(
                    "expected surprisal.gate.upstream to begin with https, since %s is set; found %s"
                            .formatted(
                                    CLASSIFIER,
                                    this.config.upstream().map(URI::toString).orElse("nothing")));
        }
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
            if (tls.get().getTrustStoreOptions() == null) { // or anybody's would do whom Java trusts
                throw new IllegalArgumentException(
                        "%s: expected a configuration with a trust store, since surprisal.gate.client-certificates is true; found none"
                                .formatted(CALLERS));
            }
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

    /** Renews the certificates of a client from now on. */
    void watch(HttpClient client) {
        clients.add(client);
    }

    void renewed(@Observes CertificateUpdatedEvent event) {
        SSLOptions renewed = event.tlsConfiguration().getSSLOptions();
        if (config.tlsConfigurationName().filter(event.name()::equals).isPresent()) {
            SSLOptions ofServer = new SSLOptions(renewed).setUseAlpn(true);
            servers.forEach(server -> said(server.updateSSLOptions(ofServer)));
        }
        if (config.upstreamTlsConfigurationName().filter(event.name()::equals).isPresent()) {
            clients.forEach(client -> said(client.updateSSLOptions(renewed)));
        }
    }

    private static void said(Future<Boolean> update) {
        update.onFailure(refused -> LOG.errorf("the gate goes on with its old certificate: %s", refused));
    }

    private TlsConfiguration named(String setting, String name) {
        return registry.get(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: expected the name of a TLS configuration (quarkus.tls.%s), found none"
                                .formatted(setting, name)));
    }
}
