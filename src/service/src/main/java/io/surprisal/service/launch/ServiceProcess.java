package io.surprisal.service.launch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A service started from its packaged program, on free ports of the loopback interface. Closing it stops it as an operating system does,
 * and waits until it is gone; it does not outlive this program either.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final String HOST = "127.0.0.1";
    private static final String HTTP_PORT = "quarkus.http.port";

    private final Process process;
    private final int httpPort;
    private final int grpcPort;
    private final Path log;
    private final Thread hook;

    private ServiceProcess(Process process, int httpPort, int grpcPort, Path log) {
        this.process = process;
        this.httpPort = httpPort;
        this.grpcPort = grpcPort;
        this.log = log;
        this.hook = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts the service and returns when it is ready.
     *
     * @param program {@code quarkus-run.jar}, or the native executable; beside what it needs
     * @param models a bundle, or a folder of bundles
     * @param settings further settings, by property name; {@code quarkus.http.port} for a port that is not just any free one
     * @throws ServiceStartException when it ends, or is not ready in time; the message has what it said
     */
    public static ServiceProcess start(Path program, Path models, Map<String, String> settings)
            throws IOException, InterruptedException {
        return start(program, models, settings, List.of());
    }

    /** As the other, with options of Java's own: a program that is no jar takes none. */
    public static ServiceProcess start(
            Path program, Path models, Map<String, String> settings, List<String> javaOptions)
            throws IOException, InterruptedException {
        String given = settings.get(HTTP_PORT);
        int httpPort = given == null ? freePort() : Integer.parseInt(given);
        int grpcPort = freePort();
        List<String> options = new ArrayList<>(javaOptions);
        options.addAll(options(models, httpPort, grpcPort));
        settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
        List<String> command = command(program.toAbsolutePath(), options);
        Path log = Files.createTempFile("surprisal-service", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        leaveOutSettings(builder.environment());
        Process process = builder.start();
        ServiceProcess service = new ServiceProcess(process, httpPort, grpcPort, log);
        try {
            service.awaitReady();
            return service;
        } catch (IOException | InterruptedException | RuntimeException e) {
            service.close();
            throw e;
        }
    }

    /** Takes away what the caller has set for a service of their own: keys, an audit trail, other ports. */
    public static void leaveOutSettings(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("SURPRISAL_") || name.startsWith("QUARKUS_"));
    }

    /**
     * The command line that starts a packaged program: a jar with the unpacked libraries beside it, and with its
     * {@linkplain #aotCache cache} where it has one and {@code options} do not say otherwise.
     *
     * @param options of the form {@code -Dkey=value}; for a jar, others of Java's too
     */
    public static List<String> command(Path program, List<String> options) {
        List<String> command = new ArrayList<>();
        if (!program.toString().endsWith(".jar")) {
            command.add(program.toString());
            command.addAll(options);
            return command;
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmn32m"));
        Path libraries = program.toAbsolutePath().resolveSibling("onnxruntime");
        if (Files.isDirectory(libraries)) {
            command.add("-Donnxruntime.native.path=" + libraries);
        }
        Path cache = aotCache(program);
        if (Files.exists(cache) && options.stream().noneMatch(option -> option.startsWith("-XX:AOT"))) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(options);
        command.addAll(List.of("-jar", program.toString()));
        return command;
    }

    /** The options that every service of this program's is started with: models, and ports of the loopback interface. */
    public static List<String> options(Path models, int httpPort, int grpcPort) {
        return List.of(
                "-Dsurprisal.models=" + models.toAbsolutePath(),
                "-Dquarkus.http.host=" + HOST,
                "-D" + HTTP_PORT + "=" + httpPort,
                "-Dquarkus.grpc.server.host=" + HOST,
                "-Dquarkus.grpc.server.port=" + grpcPort);
    }

    /** Where a jar has what Java remembers of an earlier run (JEP 483, JEP 515), to start faster. */
    public static Path aotCache(Path program) {
        return program.toAbsolutePath().resolveSibling("app.aot");
    }

    /** Where HTTP is answered. */
    public URI http() {
        return URI.create("http://" + HOST + ":" + httpPort);
    }

    /** The loopback address it listens on. */
    public String host() {
        return HOST;
    }

    /** The port of HTTP. */
    public int httpPort() {
        return httpPort;
    }

    /** The port of gRPC. */
    public int grpcPort() {
        return grpcPort;
    }

    /** The process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Processor time it has used so far. */
    public Duration cpuTime() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            // A log file left behind in the temporary folder, or this program is ending anyway: neither is worth an
            // error.
            process.destroy();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        HttpRequest probe = HttpRequest.newBuilder(http().resolve("/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String state = "no answer";
            while (System.nanoTime() < deadline) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw failed("it ended with status " + process.exitValue());
                }
                try {
                    HttpResponse<String> answer = client.send(probe, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 200) {
                        return;
                    }
                    state = answer.body();
                } catch (ConnectException e) {
                    state = "no connection";
                }
                if (state.contains("refused: ")) {
                    break;
                }
            }
            throw failed("it is not ready: " + state);
        }
    }

    private ServiceStartException failed(String how) throws IOException {
        return new ServiceStartException("expected the service to become ready, but %s%nIts log:%n%s"
                .formatted(how, Files.readString(log).strip()));
    }

    /** A port that nobody listens on, just now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }
}
