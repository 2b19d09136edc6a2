package io.surprisal.stream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged program in a process of its own. Closing kills it, if it is still there. */
final class StreamProcess implements AutoCloseable {
    static final Path PROGRAM = Path.of(System.getProperty("surprisal.program", "target/quarkus-app/quarkus-run.jar"));

    private final Process process;
    private final URI http;
    private final Path log;

    /**
     * Starts it and does not wait.
     *
     * @param folder for what it says
     * @param settings by property name
     */
    StreamProcess(Path folder, Map<String, String> settings) throws IOException {
        int port = KafkaBroker.freePort();
        this.http = URI.create("http://127.0.0.1:" + port);
        this.log = Files.createTempFile(folder, "stream", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Donnxruntime.native.path=" + PROGRAM.toAbsolutePath().resolveSibling("onnxruntime"),
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", PROGRAM.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("SURPRISAL_")
                        || name.startsWith("QUARKUS_")
                        || name.startsWith("KAFKA_")
                        || name.startsWith("MP_"));
        this.process = builder.start();
    }

    /** Returns when it is ready. */
    StreamProcess awaitReady() throws Exception {
        Patience.until("the program is ready", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("expected the program to live:\n" + log());
            }
            return status("/q/health/ready") == 200;
        });
        return this;
    }

    /** The status of an answer; 0 where there is none. */
    int status(String path) throws InterruptedException {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    String metrics() throws IOException, InterruptedException {
        return get("/q/metrics").body();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(http.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Ends it as an operating system does, and returns its exit status when it is gone. */
    int stop() throws InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    /** Ends it as a power cut does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Its exit status, when it has ended by itself. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("expected the program to end");
        }
        return process.exitValue();
    }

    /** What it has said so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
