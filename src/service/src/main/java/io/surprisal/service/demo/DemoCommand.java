package io.surprisal.service.demo;

import io.surprisal.service.launch.ServiceProcess;
import io.surprisal.service.launch.ServiceStartException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts the service on a bundle, has it score image files over HTTP and gRPC, prints the verdicts and stops it.
 *
 * <p>Exit status: 0 when both transports gave the same verdicts, 1 when they did not, 2 when something went wrong.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Starts the service on a bundle, scores images over HTTP and gRPC, prints the verdicts, stops it.")
public final class DemoCommand implements Callable<Integer> {
    private static final String HOME = "${sys:surprisal.home:-.}";

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            defaultValue = HOME + "/models/fashion-mnist/1",
            description = "Bundle to serve (default: ${DEFAULT-VALUE}).")
    private Path bundle = Path.of("");

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Folder of PNG and JPEG files to score (default: samples/ of the bundle).")
    private @Nullable Path images;

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
        System.exit(new CommandLine(new DemoCommand())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    boolean expected = failure instanceof ServiceStartException || failure instanceof IOException;
                    line.getErr().println("surprisal demo: " + (expected ? failure.getMessage() : failure.toString()));
                    return 2;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = images != null ? images : bundle.resolve("samples");
        List<Path> files = imageFiles(folder);
        out.printf("Starting the service on %s …%n", bundle.normalize());
        long begun = System.nanoTime();
        List<Row> rows;
        try (ServiceProcess service = ServiceProcess.start(program, bundle, Map.of());
                HttpScorer http = new HttpScorer(service.http());
                GrpcScorer grpc = new GrpcScorer(service.host(), service.grpcPort())) {
            out.printf(
                    Locale.ROOT,
                    "Ready after %.1f s: HTTP on %s, gRPC on %s:%d%n%n",
                    (System.nanoTime() - begun) / 1e9,
                    service.http(),
                    service.host(),
                    service.grpcPort());
            rows = Row.score(folder, files, http, grpc);
        }
        Table.print(rows, out);
        long disagreeing = rows.stream().filter(row -> !row.agrees()).count();
        out.println(
                disagreeing == 0
                        ? "HTTP and gRPC agree on every image. The service has stopped."
                        : disagreeing + " images got different answers over HTTP and gRPC.");
        out.printf(
                "%nTry it yourself:%n  ./surprisal serve%n  curl -s -H 'content-type: application/octet-stream' --data-binary @%s"
                        + " http://localhost:8080/v1/score%n",
                files.getFirst());
        return disagreeing == 0 ? 0 : 1;
    }

    /** PNG and JPEG files, at least one, in the order of their names. */
    static List<Path> imageFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("expected a folder of images, found none at " + folder);
        }
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> files = found.filter(
                            file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new IOException("expected PNG or JPEG files in " + folder + ", found none");
            }
            return files;
        }
    }
}
