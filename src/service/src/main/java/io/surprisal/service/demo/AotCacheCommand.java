package io.surprisal.service.demo;

import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Lets Java record how the service starts and judges the sample images of a bundle over both transports, so that later starts find their
 * classes loaded and linked, and know which methods matter: an ahead-of-time cache beside the jar (JEP 483, 514 and 515). It fits the
 * Java, the jars and the folder that it was made with; with others Java says so and starts without.
 */
@Command(
        name = "aot-cache",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes the cache from which Java starts the service faster, beside its jar.")
public final class AotCacheCommand implements Callable<Integer> {
    private static final String HOME = "${sys:surprisal.home:-.}";

    /** The first request of a kind is not the usual one. What Java sees called often it would compile at the next start, which costs time there. */
    private static final int ROUNDS = 2;

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            defaultValue = HOME + "/models/fashion-mnist/1",
            description = "Bundle to judge with; its samples/ are judged (default: ${DEFAULT-VALUE}).")
    private Path bundle = Path.of("");

    @Option(
            names = "--program",
            paramLabel = "JAR",
            defaultValue = HOME + "/src/service/target/quarkus-app/quarkus-run.jar",
            description = "The packaged service (default: ${DEFAULT-VALUE}).")
    private Path program = Path.of("");

    @Option(names = "--output", paramLabel = "FILE", description = "The cache (default: beside the jar).")
    private @Nullable Path output;

    public static void main(String[] arguments) {
        // The service's logging is on the class path, and complains when it is not the one to log.
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        System.exit(new CommandLine(new AotCacheCommand())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("surprisal aot-cache: " + failure.getMessage());
                    return 2;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path samples = bundle.resolve("samples");
        List<Path> files = DemoCommand.imageFiles(samples);
        Path cache = output == null ? ServiceProcess.aotCache(program) : output.toAbsolutePath();
        // A run that is cut leaves the cache there was.
        Path recorded = cache.resolveSibling(cache.getFileName() + ".part");
        Files.deleteIfExists(recorded);
        List<String> record = List.of("-XX:AOTCacheOutput=" + recorded);
        try (ServiceProcess service = ServiceProcess.start(program, bundle, Map.of(), record);
                HttpScorer http = new HttpScorer(service.http());
                GrpcScorer grpc = new GrpcScorer(service.host(), service.grpcPort())) {
            for (int round = 0; round < ROUNDS; round++) {
                requireVerdicts(Row.score(samples, files, http, grpc));
            }
        }
        // Java writes it when the process ends.
        if (!Files.exists(recorded)) {
            throw new IOException("expected Java to write %s when the service ended, found none".formatted(recorded));
        }
        Files.move(recorded, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        System.out.printf("%s: %d MB%n", cache.normalize(), Files.size(cache) / 1_000_000);
        return 0;
    }

    /** A service that refuses everything is not what is to be remembered. */
    private static void requireVerdicts(List<Row> rows) throws IOException {
        if (rows.stream().noneMatch(Row::judged)) {
            throw new IOException("expected verdicts on the samples, found none; the first is " + rows.getFirst());
        }
    }
}
