package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong: connections on which nothing is said keep others out, or their memory is not given back. */
@EnabledOnOs(OS.LINUX)
class IdleConnectionsIT {
    private static final int CONNECTIONS = 10_000;
    private static final int ROUNDS = 8;
    /** Java collects its old objects when its heap is full: that of a container of 384 MB, by our image. An executable takes no options. */
    private static final List<String> HEAP =
            PackagedServiceIT.PROGRAM.toString().endsWith(".jar") ? List.of("-Xmx154m") : List.of();

    private static final double NOISE = 1.1;

    @TempDir
    Path folder;

    /** Half of them say nothing at all, and half only the beginning of a request. */
    @Test
    void tenThousandKeepNobodyOutAndLeaveNothingBehind() throws IOException, InterruptedException {
        assumeThat(mostOpenFiles()).as("files a process may have open").isGreaterThan(CONNECTIONS + 1_000);
        Path bundle = Files.createDirectories(folder.resolve("tiny-grey").resolve("1"));
        Bundles.GREY.write(bundle);
        try (ServiceProcess service = ServiceProcess.start(PackagedServiceIT.PROGRAM, bundle, Map.of(), HEAP)) {
            List<Long> mebibytes = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                List<SocketChannel> open = new ArrayList<>();
                try {
                    for (int i = 0; i < CONNECTIONS; i++) {
                        SocketChannel channel =
                                SocketChannel.open(new InetSocketAddress(service.host(), service.httpPort()));
                        open.add(channel);
                        if (i % 2 == 0) {
                            channel.write(ByteBuffer.wrap(
                                    "POST /v1/score HTTP/1.1\r\nhost: here\r\n".getBytes(StandardCharsets.US_ASCII)));
                        }
                    }
                    given().baseUri(service.http().toString())
                            .contentType("image/png")
                            .body(Images.clean(0))
                            .post("/v1/score")
                            .then()
                            .statusCode(200);
                    mebibytes.add(residentMebibytes(service.handle()));
                } finally {
                    for (SocketChannel channel : open) {
                        channel.close();
                    }
                    Patience.until("the service to have closed them too", () -> openFiles(service.handle()) < 1_000);
                }
            }
            System.out.printf("memory with %,d idle connections, round by round: %s MiB%n", CONNECTIONS, mebibytes);
            assertThat(least(mebibytes.subList(3 * ROUNDS / 4, ROUNDS)))
                    .as("memory in the last rounds of %s", mebibytes)
                    .isLessThan(NOISE * least(mebibytes.subList(ROUNDS / 2, 3 * ROUNDS / 4)));
        }
    }

    private static long residentMebibytes(ProcessHandle process) throws IOException {
        return number(Path.of("/proc", Long.toString(process.pid()), "status"), "VmRSS:") / 1024;
    }

    private static double least(List<Long> mebibytes) {
        return mebibytes.stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    private static long openFiles(ProcessHandle process) {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long mostOpenFiles() throws IOException {
        return number(Path.of("/proc/self/limits"), "Max open files");
    }

    /** The first number of the line that begins so. */
    private static long number(Path file, String line) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(text -> text.startsWith(line))
                .map(text -> text.substring(line.length()).strip().split("\\s+", 2)[0])
                .mapToLong(text -> text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text))
                .findFirst()
                .orElseThrow();
    }
}
