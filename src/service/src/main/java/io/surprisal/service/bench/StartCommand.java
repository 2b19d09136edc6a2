package io.surprisal.service.bench;

import io.surprisal.detector.bundle.Bundle;
import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long a service that is started takes to its first verdict, in each of the ways it is packaged, in turns: on Java, on Java with its
 * ahead-of-time cache, and as an executable.
 *
 * <p>Exit status: 0 when the targets are reached by those that are there, 1 when not, 2 when something went wrong.
 */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures the time from starting the service to its first verdict.")
final class StartCommand implements Callable<Integer> {
    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(
            names = "--executable",
            paramLabel = "FILE",
            description = "The native executable, to be measured beside the jar.")
    private @Nullable Path executable;

    @Option(names = "--rounds", defaultValue = "11", description = "Starts of each (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--target-aot",
            paramLabel = "MS",
            defaultValue = "700",
            description = "Most that Java with its cache may take, by the median (default: ${DEFAULT-VALUE}).")
    private double targetAotMillis;

    @Option(
            names = "--target-executable",
            paramLabel = "MS",
            defaultValue = "100",
            description = "Most that the executable may take, by the median (default: ${DEFAULT-VALUE}).")
    private double targetExecutableMillis;

    /** One way to start, the most it may take, and what it took. */
    private record Way(Path program, List<String> javaOptions, double targetMillis, double[] millis) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Requests requests = new Requests(Bundle.load(options.bundle()).golden().images(), 1);
        Map<String, Way> ways = ways();
        for (int round = 0; round < rounds; round++) {
            for (Way way : ways.values()) {
                try (Contender started = Contender.start(plan(way), requests, "")) {
                    way.millis()[round] = started.firstAnswer().toNanos() / 1e6;
                }
            }
        }
        System.out.printf("first verdict, ms; %d starts of each, in turns%n%n", rounds);
        System.out.printf("%-24s %8s %8s %8s %8s%n", "", "median", "lowest", "highest", "aim");
        boolean reached = true;
        for (Map.Entry<String, Way> entry : ways.entrySet()) {
            double[] millis = entry.getValue().millis();
            double target = entry.getValue().targetMillis();
            Arrays.sort(millis);
            double median = millis[rounds / 2];
            reached &= median <= target;
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %8.0f %8.0f %8.0f %8s%n",
                    entry.getKey(),
                    median,
                    millis[0],
                    millis[rounds - 1],
                    Double.isInfinite(target) ? "" : "%.0f".formatted(target));
        }
        return reached ? 0 : 1;
    }

    private Map<String, Way> ways() {
        Map<String, Way> ways = new LinkedHashMap<>();
        List<String> without = List.of("-XX:AOTMode=off");
        ways.put("jar", new Way(options.program(), without, Double.POSITIVE_INFINITY, new double[rounds]));
        Path cache = ServiceProcess.aotCache(options.program());
        if (Files.exists(cache)) {
            // "on" ends a Java that cannot use it, instead of starting without.
            List<String> with = List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
            ways.put("jar with its cache", new Way(options.program(), with, targetAotMillis, new double[rounds]));
        }
        if (executable != null) {
            ways.put("executable", new Way(executable, List.of(), targetExecutableMillis, new double[rounds]));
        }
        return ways;
    }

    private Contender.Plan plan(Way way) throws IOException {
        int http = ServiceProcess.freePort();
        int grpc = ServiceProcess.freePort();
        List<String> settings = new ArrayList<>(way.javaOptions());
        settings.addAll(ServiceProcess.options(options.bundle(), http, grpc));
        return new Contender.Plan(
                "service",
                ServiceProcess.command(way.program().toAbsolutePath(), settings),
                Map.of(),
                Path.of("."),
                http,
                grpc,
                EnumSet.of(Door.IMAGE_HTTP));
    }
}
