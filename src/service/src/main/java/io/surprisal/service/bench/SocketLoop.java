package io.surprisal.service.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections whose answers one thread waits for. The clients of the bench share the cores with what they measure, so they do next to
 * nothing: a client made of a library took two to four times the processor time, which the service then lacked.
 */
final class SocketLoop implements AutoCloseable {
    private final InetSocketAddress address;
    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();

    SocketLoop(String host, int port) throws IOException {
        this.address = new InetSocketAddress(host, port);
    }

    /** What a connection does when bytes have come. */
    interface Reader {
        void read() throws IOException;
    }

    /** Connects, without blocking from then on. */
    SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        channels.add(channel);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        return channel;
    }

    /** Calls {@code reader} whenever bytes have come; before {@link #start}. */
    void watch(SocketChannel channel, Reader reader) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, reader);
    }

    void start(String name) {
        Thread.ofPlatform().name(name).daemon().start(this::receive);
    }

    /** Reads what has come, and throws when nothing will any more. */
    static void read(SocketChannel channel, ByteBuffer into) throws IOException {
        if (channel.read(into) < 0) {
            throw new IOException("the service closed a connection");
        }
    }

    /** Writes all of it: what the bench sends fits into a socket's buffer. */
    static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void receive() {
        try {
            while (selector.isOpen()) {
                selector.select(key -> {
                    try {
                        ((Reader) key.attachment()).read();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        } catch (ClosedSelectorException e) {
            // closed: there is nothing more to receive
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
