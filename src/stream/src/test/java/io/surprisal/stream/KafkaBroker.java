package io.surprisal.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * Apache Kafka in a process of its own: one broker that is its own controller (KRaft), on free ports of the loopback interface. It can be
 * stopped and started again with what it has stored. It does not outlive the tests.
 */
final class KafkaBroker implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final Thread hook;
    private Process process;

    /** Formats a folder and starts a broker in it. */
    static KafkaBroker start(Path folder) throws Exception {
        KafkaBroker broker = new KafkaBroker(folder, freePort(), freePort());
        broker.awaitAnswer();
        return broker;
    }

    private KafkaBroker(Path folder, int port, int controllerPort) throws IOException, InterruptedException {
        this.folder = folder;
        this.port = port;
        Files.writeString(
                folder.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=BROKER://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=BROKER://127.0.0.1:%1$d
                listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=BROKER
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                auto.create.topics.enable=false
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                broker.heartbeat.interval.ms=500
                broker.session.timeout.ms=3000
                log.cleaner.dedupe.buffer.size=2097152
                """.formatted(port, controllerPort, folder.resolve("data")));
        int formatted = java(
                        "kafka.tools.StorageTool",
                        "format",
                        "--cluster-id",
                        Uuid.randomUuid().toString(),
                        "--config",
                        properties())
                .waitFor();
        if (formatted != 0) {
            throw new AssertionError("expected the folder of the broker to be formatted:\n" + log());
        }
        this.process = java("kafka.Kafka", properties());
        this.hook = new Thread(() -> process.destroyForcibly());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What {@code kafka.bootstrap.servers} is to be. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** Ends it as a power cut does to those who talk to it; what it has written to files is there when it starts again. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts it again where it was. */
    void startAgain() throws Exception {
        process = java("kafka.Kafka", properties());
        awaitAnswer();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void awaitAnswer() throws Exception {
        Patience.until("the broker answers", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("expected the broker to live:\n" + log());
            }
            Map<String, Object> settings = Map.of(
                    CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address(),
                    CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "1000",
                    CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "1000");
            try (Admin admin = Admin.create(settings)) {
                return admin.describeCluster().nodes().get(1, TimeUnit.SECONDS).size() == 1;
            } catch (ExecutionException | TimeoutException e) {
                return false;
            }
        });
    }

    private String properties() {
        return folder.resolve("server.properties").toString();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process java(String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
