package io.surprisal.service.bench;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What the gate adds to the answer of a classifier, beside the model's own time: the same requests at the same times, in turns, to a
 * classifier itself and to the reverse proxy in front of it.
 *
 * <p>Exit status: 0 when it adds no more than the targets, 1 when it does, 2 when something went wrong.
 */
@Command(
        name = "gate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures what the reverse proxy adds to the answers of a classifier, beside the model's own time.")
final class GateCommand implements Callable<Integer> {
    private static final String HOST = "127.0.0.1";
    private static final int SLOTS = 64;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(
            names = "--load",
            defaultValue = "0.7",
            description = "Share of the requests the gate could answer (default: ${DEFAULT-VALUE}).")
    private double load;

    @Option(
            names = "--rounds",
            defaultValue = "10",
            description = "Turns of classifier and gate (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "Length of a turn (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--lead-in",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description =
                    "Of the same requests before each turn, not measured: who sat idle during the other's turn wakes (default: ${DEFAULT-VALUE}).")
    private double leadInSeconds;

    @Option(
            names = "--warm-up-requests",
            defaultValue = "20000",
            description = "Before anything is measured (default: ${DEFAULT-VALUE}).")
    private long warmUpRequests;

    @Option(
            names = "--target-p50",
            paramLabel = "MS",
            defaultValue = "2",
            description = "Most it may add to the median (default: ${DEFAULT-VALUE}).")
    private double targetMedianMillis;

    @Option(
            names = "--target-p99",
            paramLabel = "MS",
            defaultValue = "10",
            description = "Most it may add to the 99th percentile (default: ${DEFAULT-VALUE}).")
    private double targetTailMillis;

    @Override
    public Integer call() throws IOException, InterruptedException {
        int gate = ServiceProcess.freePort();
        try (Classifier classifier = new Classifier(HOST)) {
            Map<String, String> settings = Map.of(
                    "surprisal.gate.upstream",
                    "http://" + HOST + ":" + classifier.port(),
                    "surprisal.gate.host",
                    HOST,
                    "surprisal.gate.port",
                    Integer.toString(gate),
                    // A turn must not end because one answer was late.
                    "surprisal.gate.deadline",
                    "10s");
            try (ServiceProcess service = ServiceProcess.start(options.program(), options.bundle(), settings);
                    ServiceMetrics metrics = new ServiceMetrics(service.http())) {
                return measure(connector(classifier.port()), connector(gate), new BatchGauge(metrics));
            }
        }
    }

    private int measure(Load.Connector direct, Load.Connector gated, BatchGauge gauge)
            throws IOException, InterruptedException {
        Load.warmUp(gated, warmUpRequests);
        Load.warmUp(direct, warmUpRequests);
        Duration turn = BenchOptions.seconds(seconds);
        Duration leadIn = BenchOptions.seconds(leadInSeconds);
        double rate = load * Load.flawless(gated, SLOTS, turn).requestsPerSecond();
        System.out.printf(
                Locale.ROOT,
                "%.0f requests a second, %.0f %% of what the gate answers; %d turns of %.0f s, each after %.0f s unrecorded%n%n%-24s %10s %10s%n",
                rate,
                100 * load,
                rounds,
                seconds,
                leadInSeconds,
                "",
                "p50 ms",
                "p99 ms");
        Histogram without = new Histogram(3);
        Histogram with = new Histogram(3);
        long runs = 0;
        double inference = 0;
        for (int round = 0; round < rounds; round++) {
            Load.openLoop(direct, SLOTS, rate, leadIn);
            without.add(Load.openLoop(direct, SLOTS, rate, turn));
            Load.openLoop(gated, SLOTS, rate, leadIn);
            gauge.sinceLastCall();
            with.add(Load.openLoop(gated, SLOTS, rate, turn));
            BatchGauge.Runs turns = gauge.sinceLastCall();
            runs += turns.count();
            inference += turns.seconds();
        }
        double model = 1e3 * inference / runs;
        double median = millis(with, 50) - millis(without, 50) - model;
        double tail = millis(with, 99) - millis(without, 99) - model;
        print("classifier", millis(without, 50), millis(without, 99));
        print("through the gate", millis(with, 50), millis(with, 99));
        print("the model's own, mean", model, model);
        print("added beside the model", median, tail);
        boolean held = median <= targetMedianMillis && tail <= targetTailMillis;
        System.out.printf(
                Locale.ROOT,
                "%nadds %s %.1f ms to the median and %.1f ms to the 99th percentile%n",
                held ? "at most" : "more than",
                targetMedianMillis,
                targetTailMillis);
        return held ? 0 : 1;
    }

    /** The golden images that get through, so that each request reaches the classifier. */
    private Load.Connector connector(int port) {
        try (Detector detector = Detector.load(options.bundle())) {
            Levels golden = Bundle.load(options.bundle()).golden().images();
            List<Verdict> verdicts = detector.examine(golden, detector.defaultDecision());
            List<Levels> accepted = IntStream.range(0, golden.count())
                    .filter(image -> !verdicts.get(image).flagged())
                    .mapToObj(image -> golden.slice(image, image + 1))
                    .toList();
            if (accepted.isEmpty()) {
                throw new IllegalStateException("expected golden images that are accepted, found %d that are flagged"
                        .formatted(golden.count()));
            }
            List<byte[]> bodies = new Requests(Levels.concat(accepted), 1).http(HOST, port);
            return (slots, completion) -> new HttpTransport(HOST, port, slots, bodies, completion);
        }
    }

    private static double millis(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    private static void print(String what, double median, double tail) {
        System.out.printf(Locale.ROOT, "%-24s %10.2f %10.2f%n", what, median, tail);
    }
}
