package io.surprisal.service.bench;

import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server under comparison, with all its processes; closing it ends them. */
final class Contender implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Plan plan;
    private final Process process;
    private final Requests requests;
    private final String model;
    private final Duration firstAnswer;

    /**
     * How to start one.
     *
     * @param name for people
     * @param command its command line
     * @param environment variables beside those of this program
     * @param folder to start it in
     * @param doors that it has
     */
    record Plan(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path folder,
            int httpPort,
            int grpcPort,
            Set<Door> doors) {}

    private Contender(Plan plan, Process process, Requests requests, String model, Duration firstAnswer) {
        this.plan = plan;
        this.process = process;
        this.requests = requests;
        this.model = model;
        this.firstAnswer = firstAnswer;
    }

    /**
     * Starts a server and waits for its first verdict.
     *
     * @param model name of the model in requests by the Open Inference Protocol
     * @throws IOException when it ends, or gives no verdict in time; the message has the end of what it said
     */
    static Contender start(Plan plan, Requests requests, String model) throws IOException, InterruptedException {
        Path log = Files.createTempFile("surprisal-peer", ".log");
        ProcessBuilder builder = new ProcessBuilder(plan.command())
                .directory(plan.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        ServiceProcess.leaveOutSettings(builder.environment());
        builder.environment().putAll(plan.environment());
        long begun = System.nanoTime();
        Process process = builder.start();
        // Nothing is to outlive this program, however it ends.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
        byte[] request = (plan.doors().contains(Door.IMAGE_HTTP)
                        ? requests.http(HOST, plan.httpPort())
                        : requests.tensorsHttp(HOST, plan.httpPort(), model))
                .getFirst();
        while (!answers(plan.httpPort(), request)) {
            if (process.waitFor(5, TimeUnit.MILLISECONDS) || System.nanoTime() - begun > PATIENCE.toNanos()) {
                end(process);
                List<String> said = Files.readAllLines(log);
                Files.delete(log);
                throw new IOException("it gave no verdict; it said at last: "
                        + said.subList(Math.max(0, said.size() - 3), said.size()));
            }
        }
        Duration firstAnswer = Duration.ofNanos(System.nanoTime() - begun);
        Files.delete(log);
        return new Contender(plan, process, requests, model, firstAnswer);
    }

    private static boolean answers(int port, byte[] request) {
        try (Socket socket = new Socket(HOST, port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return status.startsWith("HTTP/1.1 2");
        } catch (IOException e) {
            return false; // it does not listen yet
        }
    }

    String name() {
        return plan.name();
    }

    boolean has(Door door) {
        return plan.doors().contains(door);
    }

    /** From the start of the process to its first verdict. */
    Duration firstAnswer() {
        return firstAnswer;
    }

    Load.Connector connector(Door door) {
        return switch (door) {
            case IMAGE_HTTP -> http(requests.http(HOST, plan.httpPort()));
            case TENSOR_HTTP -> http(requests.tensorsHttp(HOST, plan.httpPort(), model));
            case TENSOR_GRPC -> {
                List<byte[]> calls = requests.tensorsGrpc(model);
                yield (slots, completion) ->
                        new GrpcTransport(HOST, plan.grpcPort(), slots, Requests.INFER_METHOD, calls, completion);
            }
        };
    }

    private Load.Connector http(List<byte[]> bodies) {
        return (slots, completion) -> new HttpTransport(HOST, plan.httpPort(), slots, bodies, completion);
    }

    /** Processor time of all its processes so far. */
    Duration cpuTime() {
        return processes()
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Memory of all its processes, what they share counted once. */
    long residentBytes() throws IOException {
        long bytes = 0;
        for (ProcessHandle handle : processes().toList()) {
            bytes += Memory.proportional(handle);
        }
        return bytes;
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(ProcessHandle::isAlive);
    }

    @Override
    public void close() {
        end(process);
    }

    private static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
