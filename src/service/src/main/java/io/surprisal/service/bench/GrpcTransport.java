package io.surprisal.service.bench;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoreResponse;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Unary gRPC over a few connections that the slots share, all on one event loop. */
final class GrpcTransport implements Transport {
    private static final int CONNECTIONS = 4;

    private final List<ScoreRequest> requests;
    private final Completion completion;
    private final EventLoopGroup eventLoop = new NioEventLoopGroup(1);
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final int[] next;

    GrpcTransport(String host, int port, int slots, List<ScoreRequest> requests, Completion completion)
            throws InterruptedException {
        this.requests = requests;
        this.completion = completion;
        this.next = new int[slots];
        for (int i = 0; i < Math.min(slots, CONNECTIONS); i++) {
            channels.add(connected(NettyChannelBuilder.forAddress(host, port)
                    .usePlaintext()
                    .eventLoopGroup(eventLoop)
                    .channelType(NioSocketChannel.class)
                    .directExecutor()
                    .build()));
        }
    }

    /** Connects now: by itself a channel would with the first request, and the time would be the request's. */
    private static ManagedChannel connected(ManagedChannel channel) throws InterruptedException {
        for (ConnectivityState state = channel.getState(true);
                state != ConnectivityState.READY;
                state = channel.getState(true)) {
            CountDownLatch changed = new CountDownLatch(1);
            channel.notifyWhenStateChanged(state, changed::countDown);
            changed.await();
        }
        return channel;
    }

    @Override
    public void send(int slot) {
        ScoreRequest request = requests.get((slot + next[slot]++) % requests.size());
        ScoringGrpc.newStub(channels.get(slot % channels.size())).score(request, new StreamObserver<>() {
            @Override
            public void onNext(ScoreResponse response) {}

            @Override
            public void onError(Throwable cause) {
                completion.done(slot, false);
            }

            @Override
            public void onCompleted() {
                completion.done(slot, true);
            }
        });
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        eventLoop.shutdownGracefully();
    }
}
