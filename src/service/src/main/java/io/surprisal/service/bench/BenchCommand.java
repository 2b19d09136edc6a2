package io.surprisal.service.bench;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures the service over HTTP and gRPC against a bare ONNX Runtime loop, on this machine, in one run.
 *
 * <p>Exit status: 0 when every ratio reached the target, 1 when one did not, 2 when something went wrong.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {GateCommand.class, ReplicasCommand.class, SoakCommand.class, StartCommand.class},
        sortOptions = false,
        description =
                "Measures the service against a bare ONNX Runtime loop on the same model, threads and batch size.")
public final class BenchCommand implements Callable<Integer> {
    private static final String HOME = "${sys:surprisal.home:-.}";

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(names = "--transport", split = ",", defaultValue = "http,grpc", description = "Default: ${DEFAULT-VALUE}.")
    private List<String> transports = List.of();

    @Option(
            names = "--concurrency",
            split = ",",
            defaultValue = "1,8,64",
            description = "Requests on their way at the same time (default: ${DEFAULT-VALUE}).")
    private List<Integer> concurrencies = List.of();

    @Option(
            names = "--images-per-request",
            split = ",",
            defaultValue = "1,16",
            description = "Default: ${DEFAULT-VALUE}.")
    private List<Integer> imagesPerRequest = List.of();

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            description = "Largest batch of the service (default: the service's own).")
    private @Nullable Integer maxBatch;

    @Option(
            names = "--rounds",
            defaultValue = "11",
            description = "Turns of raw loop and service (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "1", description = "Length of a turn (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--warm-up-requests",
            defaultValue = "20000",
            description =
                    "For each transport, before anything is measured: the just-in-time compiler counts calls, not seconds (default: ${DEFAULT-VALUE}).")
    private long warmUpRequests;

    @Option(names = "--target", defaultValue = "0.85", description = "Ratio to reach (default: ${DEFAULT-VALUE}).")
    private double target;

    @Option(
            names = "--peers",
            arity = "0..1",
            split = ",",
            fallbackValue = "fastapi,mlserver,triton",
            paramLabel = "NAME",
            description =
                    "Compare with what else serves such a model, and not with the bare loop: fastapi, mlserver, triton (default: all). Installed from PyPI at the first use.")
    private List<String> peers = List.of();

    @Option(
            names = "--peers-cache",
            paramLabel = "DIR",
            defaultValue = "${sys:user.home}/.cache/surprisal/peers",
            description = "Where they are installed (default: ${DEFAULT-VALUE}).")
    private Path peersCache = Path.of("");

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers here as well.")
    private @Nullable Path json;

    @Option(
            names = "--peers-scripts",
            paramLabel = "DIR",
            hidden = true,
            defaultValue = HOME + "/src/service/src/peers",
            description = "What runs the peers.")
    private Path scripts = Path.of("");

    private final PrintStream out = System.out;

    public static void main(String[] arguments) {
        // The service's logging is on the class path, and complains when it is not the one to log.
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        System.exit(new CommandLine(new BenchCommand())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("surprisal bench: " + failure);
                    return 2;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, OrtException {
        requireGolden();
        return peers.isEmpty() ? compareWithRawLoop() : compareWithPeers();
    }

    private int compareWithPeers() throws IOException, InterruptedException {
        if (!Contenders.peers().containsAll(peers)) {
            throw new IllegalArgumentException("expected peers of " + Contenders.peers() + ", got " + peers);
        }
        Bundle loaded = Bundle.load(options.bundle());
        int workers = Runtime.getRuntime().availableProcessors();
        Contenders plans = new Contenders(scripts, peersCache, options.bundle(), loaded.manifest(), workers);
        Requests requests = new Requests(loaded.golden().images(), 1);
        List<Contender> started = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        try {
            started.add(Contender.start(
                    plans.plan("surprisal", options.program()),
                    requests,
                    loaded.manifest().name()));
            for (String peer : peers) {
                try {
                    started.add(Contender.start(
                            plans.plan(peer, options.program()),
                            requests,
                            loaded.manifest().name()));
                } catch (IOException e) {
                    missing.add(peer + ": " + e.getMessage());
                }
            }
            PeersReport report = compare(started, missing);
            if (json != null) {
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), report);
            }
            report.missing().forEach(reason -> out.println("not compared, " + reason));
            List<String> behind = report.behind();
            out.printf("%nahead everywhere%s%n", behind.isEmpty() ? "" : ", but for " + String.join("; ", behind));
            return behind.isEmpty() && missing.isEmpty() ? 0 : 1;
        } finally {
            started.forEach(Contender::close);
        }
    }

    private PeersReport compare(List<Contender> started, List<String> missing)
            throws IOException, InterruptedException {
        PeersBench bench = new PeersBench(started, rounds, BenchOptions.seconds(seconds));
        for (Contender contender : started) {
            for (Door door : Door.values()) {
                if (contender.has(door)) {
                    Load.warmUp(contender.connector(door), contender == started.getFirst() ? warmUpRequests : 200);
                }
            }
        }
        out.printf(
                "%d turns of %.1f s; ratio: this service's images a second to theirs; open loop at 60 %% of the slowest%n%n%s%n",
                rounds, seconds, PeerResult.HEADER);
        List<PeerResult> results = new ArrayList<>();
        for (Door door : Door.values()) {
            for (int concurrency : concurrencies) {
                List<PeerResult> measured = bench.measure(door, concurrency);
                measured.forEach(result -> out.println(result.line()));
                results.addAll(measured);
            }
        }
        out.printf("%n%-10s %16s %12s%n", "", "first answer ms", "memory MiB");
        List<PeersReport.Server> servers = new ArrayList<>();
        for (Contender contender : started) {
            PeersReport.Server server = new PeersReport.Server(
                    contender.name(), contender.firstAnswer().toNanos() / 1e6, contender.residentBytes() / 1048576.0);
            servers.add(server);
            out.printf("%-10s %16.0f %12.0f%n", server.name(), server.firstAnswerMillis(), server.residentMebibytes());
        }
        return new PeersReport(servers, missing, results);
    }

    private int compareWithRawLoop() throws IOException, InterruptedException, OrtException {
        Bundle loaded = Bundle.load(options.bundle());
        int workers = Runtime.getRuntime().availableProcessors();
        Duration window = BenchOptions.seconds(seconds);
        Map<String, String> settings = new HashMap<>(Map.of("surprisal.batch.workers", Integer.toString(workers)));
        if (maxBatch != null) {
            settings.put("surprisal.batch.max-images", Integer.toString(maxBatch));
        }
        List<Result> results = new ArrayList<>();
        try (RawLoop raw = new RawLoop(loaded.model(), loaded.golden().images());
                ServiceProcess service = ServiceProcess.start(options.program(), options.bundle(), settings);
                ServiceMetrics metrics = new ServiceMetrics(service.http())) {
            Bench bench = new Bench(service, raw, new BatchGauge(metrics), workers, rounds, window);
            warmUp(service, loaded);
            out.printf(
                    "%s %s on %d cores, %d turns of %.1f s; open loop at 60 %% of the closed loop's rate%n%n%s%n",
                    loaded.manifest().name(), loaded.manifest().version(), workers, rounds, seconds, Result.HEADER);
            for (int images : imagesPerRequest) {
                for (String transport : transports) {
                    for (int concurrency : concurrencies) {
                        Result result = bench.measure(
                                transport, connector(transport, service, loaded, images), images, concurrency);
                        out.println(result.line());
                        results.add(result);
                    }
                }
            }
        }
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), results);
        }
        long missed =
                results.stream().filter(result -> !(result.ratio() >= target)).count();
        out.printf("%n%d of %d reach %.2f of the raw loop.%n", results.size() - missed, results.size(), target);
        return missed == 0 ? 0 : 1;
    }

    /** Until the just-in-time compiler has seen the hot path, busy and idle: the two take different turns in the code. */
    private void warmUp(ServiceProcess service, Bundle loaded) throws IOException, InterruptedException {
        for (String transport : transports) {
            Load.warmUp(connector(transport, service, loaded, 1), warmUpRequests);
        }
    }

    private void requireGolden() {
        try (Detector detector = Detector.load(options.bundle())) {
            detector.replayGolden();
        }
    }

    private static Load.Connector connector(String transport, ServiceProcess service, Bundle bundle, int images) {
        Requests requests = new Requests(bundle.golden().images(), images);
        return switch (transport) {
            case "http" -> {
                List<byte[]> bodies = requests.http(service.host(), service.httpPort());
                yield (slots, completion) ->
                        new HttpTransport(service.host(), service.httpPort(), slots, bodies, completion);
            }
            case "grpc" -> {
                List<byte[]> calls = requests.grpc();
                yield (slots, completion) -> new GrpcTransport(
                        service.host(), service.grpcPort(), slots, Requests.SCORE_METHOD, calls, completion);
            }
            default -> throw new IllegalArgumentException("expected http or grpc, got " + transport);
        };
    }
}
