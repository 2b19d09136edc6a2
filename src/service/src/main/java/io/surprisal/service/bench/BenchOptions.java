package io.surprisal.service.bench;

import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What all benchmarks are told. */
final class BenchOptions {
    private static final String HOME = "${sys:surprisal.home:-.}";

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            defaultValue = HOME + "/models/fashion-mnist/1",
            description = "Bundle to measure with (default: ${DEFAULT-VALUE}).")
    private Path bundle = Path.of("");

    @Option(
            names = "--program",
            paramLabel = "JAR",
            hidden = true,
            defaultValue = HOME + "/src/service/target/quarkus-app/quarkus-run.jar",
            description = "The packaged service.")
    private Path program = Path.of("");

    Path bundle() {
        return bundle;
    }

    /** The packaged service: a jar, or an executable. */
    Path program() {
        return program;
    }

    static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
