package io.surprisal.service.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/2 connection of {@link GrpcTransport} (RFC 9113), as much of it as a client of one method needs: each call is a stream; of an
 * answer only its frames are read, not its headers. Whether it is one with verdicts is told by its message: a unary call that fails
 * answers with trailers alone.
 */
final class GrpcConnection implements SocketLoop.Reader {
    private static final long PATIENCE_SECONDS = 10;
    private static final int FRAME_HEADER = 9;
    private static final int MOST_IN_FRAME = 16_384; // before a peer says otherwise
    private static final int FIRST_WINDOW = 65_535;
    private static final int LARGEST_WINDOW = Integer.MAX_VALUE;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte DATA = 0;
    private static final byte HEADERS = 1;
    private static final byte RST_STREAM = 3;
    private static final byte SETTINGS = 4;
    private static final byte PING = 6;
    private static final byte GOAWAY = 7;
    private static final byte WINDOW_UPDATE = 8;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final short INITIAL_WINDOW_SIZE = 4;

    private final SocketChannel channel;
    private final List<byte[]> calls;
    private final Transport.Completion completion;
    private final byte[] headers;
    private final ByteBuffer in = ByteBuffer.allocate(256 * 1024);
    private final Map<Integer, Call> streams = new HashMap<>();
    private final Queue<Integer> waiting = new ArrayDeque<>();
    private final Queue<Ended> ended = new ArrayDeque<>();
    private final CountDownLatch settings = new CountDownLatch(1);
    private int nextStream = 1;
    private int nextCall;
    private long window = FIRST_WINDOW;
    private long unacknowledged;

    private static final class Call {
        private final int slot;
        private boolean answered;

        Call(int slot) {
            this.slot = slot;
        }
    }

    private record Ended(int slot, boolean ok) {}

    GrpcConnection(
            SocketChannel channel, String authority, String method, List<byte[]> calls, Transport.Completion completion)
            throws IOException {
        this.channel = channel;
        this.calls = calls;
        this.completion = completion;
        this.headers = headers(authority, method);
        ByteBuffer hello = ByteBuffer.allocate(128).put(PREFACE);
        frame(hello, 6, SETTINGS, 0, 0).putShort(INITIAL_WINDOW_SIZE).putInt(LARGEST_WINDOW);
        frame(hello, 4, WINDOW_UPDATE, 0, 0).putInt(LARGEST_WINDOW - FIRST_WINDOW);
        SocketLoop.write(channel, hello.flip());
    }

    SocketChannel channel() {
        return channel;
    }

    /** A call before the server's settings have come would be the one that waits for them. */
    void awaitSettings() throws InterruptedException, IOException {
        if (!settings.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("expected HTTP/2 settings within " + PATIENCE_SECONDS + " s, got none");
        }
    }

    /** Sends the next prepared call, now or when the server has room for it; from any thread. */
    synchronized void call(int slot) throws IOException {
        waiting.add(slot);
        sendWaiting();
    }

    private void sendWaiting() throws IOException {
        while (!waiting.isEmpty() && calls.get(nextCall % calls.size()).length <= window) {
            send(waiting.remove(), calls.get(nextCall++ % calls.size()));
        }
    }

    private void send(int slot, byte[] call) throws IOException {
        int stream = nextStream;
        nextStream += 2;
        streams.put(stream, new Call(slot));
        window -= call.length;
        int frames = Math.ceilDiv(call.length, MOST_IN_FRAME);
        ByteBuffer out = ByteBuffer.allocate(FRAME_HEADER * (1 + frames) + headers.length + call.length);
        frame(out, headers.length, HEADERS, END_HEADERS, stream).put(headers);
        for (int from = 0; from < call.length; from += MOST_IN_FRAME) {
            int length = Math.min(MOST_IN_FRAME, call.length - from);
            frame(out, length, DATA, from + length == call.length ? END_STREAM : 0, stream)
                    .put(call, from, length);
        }
        SocketLoop.write(channel, out.flip());
    }

    /** Tells of answers without the lock: whoever is told has locks of its own, and may hold them while it calls. */
    @Override
    public void read() throws IOException {
        List<Ended> told;
        synchronized (this) {
            receive();
            told = List.copyOf(ended);
            ended.clear();
        }
        told.forEach(call -> completion.done(call.slot, call.ok));
    }

    private void receive() throws IOException {
        SocketLoop.read(channel, in);
        in.flip();
        while (in.remaining() >= FRAME_HEADER) {
            int start = in.position();
            int length = in.getInt(start) >>> 8;
            if (in.remaining() < FRAME_HEADER + length) {
                break;
            }
            in.position(start + FRAME_HEADER);
            received(in.get(start + 3), in.get(start + 4), in.getInt(start + 5), length);
            in.position(start + FRAME_HEADER + length);
        }
        in.compact();
    }

    private void received(byte type, byte flags, int stream, int length) throws IOException {
        switch (type) {
            case DATA -> {
                Call call = streams.get(stream);
                if (call != null) {
                    call.answered |= length > 0;
                }
                acknowledge(length);
            }
            case RST_STREAM -> ended(stream, false);
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    requireRoom(length);
                    SocketLoop.write(
                            channel,
                            frame(ByteBuffer.allocate(FRAME_HEADER), 0, SETTINGS, ACK, 0)
                                    .flip());
                    settings.countDown();
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    ByteBuffer pong = frame(ByteBuffer.allocate(FRAME_HEADER + length), length, PING, ACK, 0);
                    SocketLoop.write(
                            channel, pong.put(in.slice(in.position(), length)).flip());
                }
            }
            case WINDOW_UPDATE -> {
                if (stream == 0) {
                    window += in.getInt();
                    sendWaiting();
                }
            }
            case GOAWAY -> throw new IOException("the service is closing a connection");
            default -> {
                // the head of an answer, its trailers: their flags say all
            }
        }
        if (type == HEADERS && (flags & END_STREAM) != 0) {
            ended(stream, true);
        }
    }

    /** Of the server's settings only the room of a stream matters: every call has to fit into it at once. */
    private void requireRoom(int length) throws IOException {
        int largest = calls.stream().mapToInt(call -> call.length).max().orElse(0);
        for (int end = in.position() + length; in.position() < end; ) {
            short key = in.getShort();
            int value = in.getInt();
            if (key == INITIAL_WINDOW_SIZE && value < largest) {
                throw new IOException("expected room for calls of %d bytes, got %d".formatted(largest, value));
            }
        }
    }

    private void acknowledge(int length) throws IOException {
        unacknowledged += length;
        if (unacknowledged > LARGEST_WINDOW / 2) {
            ByteBuffer update = frame(ByteBuffer.allocate(FRAME_HEADER + 4), 4, WINDOW_UPDATE, 0, 0);
            SocketLoop.write(channel, update.putInt((int) unacknowledged).flip());
            unacknowledged = 0;
        }
    }

    private void ended(int stream, boolean whole) {
        Call call = streams.remove(stream);
        if (call != null) {
            ended.add(new Ended(call.slot, whole && call.answered));
        }
    }

    private static ByteBuffer frame(ByteBuffer out, int length, byte type, int flags, int stream) {
        return out.putInt(length << 8 | type).put((byte) flags).putInt(stream);
    }

    /** HPACK (RFC 7541) without state: names of its static table by their number, values as they are. */
    private static byte[] headers(String authority, String method) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x80 | 3); // :method POST
        block.write(0x80 | 6); // :scheme http
        block.write(1); // :authority
        string(block, authority);
        block.write(4); // :path
        string(block, method);
        block.write(15); // 31, content-type: fifteen, and the rest in a byte of its own
        block.write(31 - 15);
        string(block, "application/grpc");
        block.write(0); // a name of its own
        string(block, "te");
        string(block, "trailers");
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        block.write(bytes.length); // below 127: one byte
        block.writeBytes(bytes);
    }
}
