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
import picocli.CommandLine.Option;

/**
 * Measures the service over HTTP and gRPC against a bare ONNX Runtime loop, on this machine, in one run.
 *
 * <p>Exit status: 0 when every ratio reached the target, 1 when one did not, 2 when something went wrong.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures the service against a bare ONNX Runtime loop on the same model, threads and batch size.")
public final class BenchCommand implements Callable<Integer> {
    private static final String HOME = "${sys:surprisal.home:-.}";

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            defaultValue = HOME + "/models/fashion-mnist/1",
            description = "Bundle to measure with (default: ${DEFAULT-VALUE}).")
    private Path bundle = Path.of("");

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

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers here as well.")
    private @Nullable Path json;

    @Option(
            names = "--program",
            paramLabel = "JAR",
            hidden = true,
            defaultValue = HOME + "/src/service/target/quarkus-app/quarkus-run.jar",
            description = "The packaged service.")
    private Path program = Path.of("");

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
        Bundle loaded = Bundle.load(bundle);
        int workers = Runtime.getRuntime().availableProcessors();
        Duration window = seconds(seconds);
        Map<String, String> settings = new HashMap<>(Map.of("surprisal.batch.workers", Integer.toString(workers)));
        if (maxBatch != null) {
            settings.put("surprisal.batch.max-images", Integer.toString(maxBatch));
        }
        List<Result> results = new ArrayList<>();
        try (RawLoop raw = new RawLoop(loaded.model(), loaded.golden().images());
                ServiceProcess service = ServiceProcess.start(program, bundle, settings);
                BatchGauge gauge = new BatchGauge(service.http())) {
            Bench bench = new Bench(service, raw, gauge, workers, rounds, window);
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
            Load.Connector connector = connector(transport, service, loaded, 1);
            for (long answered = 0; answered < warmUpRequests; ) {
                answered += Load.closedLoop(connector, 8, seconds(4)).requests();
                answered += Load.closedLoop(connector, 1, seconds(1)).requests();
            }
        }
    }

    private void requireGolden() {
        try (Detector detector = Detector.load(bundle)) {
            detector.replayGolden();
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
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
                yield (slots, completion) ->
                        new GrpcTransport(service.host(), service.grpcPort(), slots, calls, completion);
            }
            default -> throw new IllegalArgumentException("expected http or grpc, got " + transport);
        };
    }
}
