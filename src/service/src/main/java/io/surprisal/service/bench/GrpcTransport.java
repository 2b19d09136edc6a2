package io.surprisal.service.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Unary gRPC over a few connections that the slots share, all on one event loop. The client shares the cores with what it measures, so
 * it does next to nothing: calls are prepared bytes on HTTP/2 streams, and of an answer only its end and its status are read. (A client
 * made of gRPC's own stubs took two to four times the processor time, which the service then lacked.)
 */
final class GrpcTransport implements Transport {
    private static final int CONNECTIONS = 4;

    private final EventLoopGroup eventLoop = new NioEventLoopGroup(1);
    private final List<GrpcConnection> connections = new ArrayList<>();

    /**
     * Connects.
     *
     * @param calls prepared messages, each with gRPC's prefix of five bytes
     */
    GrpcTransport(String host, int port, int slots, List<byte[]> calls, Completion completion)
            throws InterruptedException {
        for (int i = 0; i < Math.min(slots, CONNECTIONS); i++) {
            GrpcConnection connection = new GrpcConnection(host + ":" + port, calls, completion);
            Channel channel = new Bootstrap()
                    .group(eventLoop)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            Http2FrameCodec codec =
                                    Http2FrameCodecBuilder.forClient().build();
                            channel.pipeline().addLast(codec, connection);
                        }
                    })
                    .connect(host, port)
                    .sync()
                    .channel();
            connection.awaitSettings(channel);
            connections.add(connection);
        }
    }

    @Override
    public void send(int slot) {
        connections.get(slot % connections.size()).call(slot);
    }

    @Override
    public void close() throws IOException {
        eventLoop.shutdownGracefully();
    }
}
