package io.surprisal.service.bench;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Holds the service at a fixed share of what it can answer and looks at its memory every now and then.
 *
 * <p>Exit status: 0 when no request failed and memory stayed, 1 when memory grew, 2 when something went wrong, a failed request among it.
 */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Holds the service at a fixed load and looks at its memory every minute (Linux).")
final class SoakCommand implements Callable<Integer> {
    private static final int SLOTS = 64;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(names = "--turns", defaultValue = "30", description = "Looks at its memory (default: ${DEFAULT-VALUE}).")
    private int turns;

    @Option(names = "--seconds", defaultValue = "60", description = "Between two of them (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--settle",
            defaultValue = "5",
            description = "Turns after which memory must not grow any more (default: ${DEFAULT-VALUE}).")
    private int settleTurns;

    @Option(
            names = "--load",
            defaultValue = "0.8",
            description = "Share of the requests the service could answer (default: ${DEFAULT-VALUE}).")
    private double load;

    @Option(
            names = "--warm-up-requests",
            defaultValue = "20000",
            description = "Before anything is measured (default: ${DEFAULT-VALUE}).")
    private long warmUpRequests;

    @Option(
            names = "--growth",
            defaultValue = "0.02",
            description = "Most that memory may grow by (default: ${DEFAULT-VALUE}).")
    private double mostGrowth;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (settleTurns < 1 || turns <= settleTurns) {
            throw new IllegalArgumentException(
                    "expected more turns than those to settle, and one of them at least; got %d and %d"
                            .formatted(turns, settleTurns));
        }
        Requests requests = new Requests(Bundle.load(options.bundle()).golden().images(), 1);
        try (ServiceProcess service = ServiceProcess.start(options.program(), options.bundle(), Map.of());
                ServiceMetrics metrics = new ServiceMetrics(service.http())) {
            Load.Connector connector = (slots, completion) -> new HttpTransport(
                    service.host(),
                    service.httpPort(),
                    slots,
                    requests.http(service.host(), service.httpPort()),
                    completion);
            double rate = load
                    * Load.flawless(connector, SLOTS, Duration.ofSeconds(20)).requestsPerSecond();
            System.out.printf(
                    Locale.ROOT,
                    "%.0f requests a second, %.0f %% of what it answers%n%n%6s %10s %12s %8s %8s %8s%n",
                    rate,
                    100 * load,
                    "turn",
                    "requests",
                    "memory MiB",
                    "tensors",
                    "p50 ms",
                    "p99 ms");
            long settled = 0;
            long highest = 0;
            for (int turn = 1; turn <= turns; turn++) {
                Histogram latencies = Load.openLoop(connector, SLOTS, rate, BenchOptions.seconds(seconds));
                long memory = Memory.proportional(service.handle());
                double tensors = metrics.read().value("surprisal_tensors_open");
                System.out.printf(
                        Locale.ROOT,
                        "%6d %10d %12.1f %8.0f %8.2f %8.2f%n",
                        turn,
                        latencies.getTotalCount(),
                        memory / 1048576.0,
                        tensors,
                        latencies.getValueAtPercentile(50) / 1e6,
                        latencies.getValueAtPercentile(99) / 1e6);
                if (turn <= settleTurns) {
                    settled = memory;
                } else {
                    highest = Math.max(highest, memory);
                }
                if (tensors != 0) {
                    throw new IllegalStateException(
                            "expected no open tensor between requests, got %.0f".formatted(tensors));
                }
            }
            double growth = (double) highest / settled - 1;
            System.out.printf(
                    Locale.ROOT,
                    "%nno request failed; memory grew by at most %.2f %% after turn %d%n",
                    100 * growth,
                    settleTurns);
            return growth <= mostGrowth ? 0 : 1;
        }
    }
}
