package io.surprisal.service.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Unary gRPC over a few connections that the slots share: calls are prepared bytes on HTTP/2 streams. */
final class GrpcTransport implements Transport {
    private static final int CONNECTIONS = 4;

    private final SocketLoop loop;
    private final List<GrpcConnection> connections = new ArrayList<>();

    /**
     * Connects.
     *
     * @param method {@code /package.Service/Method}
     * @param calls prepared messages, each with gRPC's prefix of five bytes
     */
    GrpcTransport(String host, int port, int slots, String method, List<byte[]> calls, Completion completion)
            throws IOException, InterruptedException {
        this.loop = new SocketLoop(host, port);
        for (int i = 0; i < Math.min(slots, CONNECTIONS); i++) {
            GrpcConnection connection =
                    new GrpcConnection(loop.connect(), host + ":" + port, method, calls, completion);
            loop.watch(connection.channel(), connection);
            connections.add(connection);
        }
        loop.start("bench-grpc");
        for (GrpcConnection connection : connections) {
            connection.awaitSettings();
        }
    }

    @Override
    public void send(int slot) throws IOException {
        connections.get(slot % connections.size()).call(slot);
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}
