package io.surprisal.service.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1 on one kept-alive connection a slot: requests are prepared bytes, of an answer only the status and the length are read. */
final class HttpTransport implements Transport {
    private final SocketLoop loop;
    private final List<byte[]> requests;
    private final Completion completion;
    private final Connection[] connections;

    private static final class Connection {
        private final int slot;
        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocate(256 * 1024);
        private int next;

        Connection(int slot, SocketChannel channel) {
            this.slot = slot;
            this.channel = channel;
            this.next = slot;
        }
    }

    HttpTransport(String host, int port, int slots, List<byte[]> requests, Completion completion) throws IOException {
        this.loop = new SocketLoop(host, port);
        this.requests = requests;
        this.completion = completion;
        this.connections = new Connection[slots];
        for (int slot = 0; slot < slots; slot++) {
            Connection connection = new Connection(slot, loop.connect());
            connections[slot] = connection;
            loop.watch(connection.channel, () -> read(connection));
        }
        loop.start("bench-http");
    }

    /** Prepares a request with {@code body}. */
    static byte[] request(String host, int port, String path, String contentType, byte[] body) {
        byte[] head = "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(path, host, port, contentType, body.length)
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .array();
    }

    @Override
    public void send(int slot) throws IOException {
        Connection connection = connections[slot];
        SocketLoop.write(connection.channel, ByteBuffer.wrap(requests.get(connection.next++ % requests.size())));
    }

    private void read(Connection connection) throws IOException {
        SocketLoop.read(connection.channel, connection.answer);
        if (complete(connection.answer)) {
            boolean ok = connection.answer.get(9) == '2'; // HTTP/1.1 2xx
            connection.answer.clear();
            completion.done(connection.slot, ok);
        }
    }

    private static boolean complete(ByteBuffer answer) {
        byte[] bytes = answer.array();
        int end = answer.position();
        for (int i = 3; i < end; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return end - (i + 1) >= contentLength(new String(bytes, 0, i, StandardCharsets.US_ASCII));
            }
        }
        return false;
    }

    private static int contentLength(String head) {
        String name = "content-length:";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            throw new IllegalStateException("expected an answer with a length, got " + head);
        }
        int from = at + name.length();
        int to = head.indexOf('\r', from);
        return Integer.parseInt(
                head.substring(from, to < 0 ? head.length() : to).strip());
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}
