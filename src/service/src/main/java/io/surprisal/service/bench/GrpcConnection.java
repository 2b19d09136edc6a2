package io.surprisal.service.bench;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection of {@link GrpcTransport}: each call is a stream, told by its slot. */
final class GrpcConnection extends Http2ChannelDuplexHandler {
    private static final long PATIENCE_SECONDS = 10;

    private final List<byte[]> calls;
    private final Transport.Completion completion;
    private final Http2Headers headers;
    private final Map<Http2FrameStream, Integer> slots = new HashMap<>();
    private final CountDownLatch settings = new CountDownLatch(1);
    private @Nullable ChannelHandlerContext context;
    private int next;

    GrpcConnection(String authority, List<byte[]> calls, Transport.Completion completion) {
        this.calls = calls;
        this.completion = completion;
        this.headers = new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .authority(authority)
                .path("/surprisal.v1.Scoring/Score")
                .set("content-type", "application/grpc")
                .set("te", "trailers");
    }

    /** A call before the server's settings have come would be the one that waits for them. */
    void awaitSettings(Channel channel) throws InterruptedException {
        if (!settings.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("expected HTTP/2 settings from " + channel.remoteAddress() + " within "
                    + PATIENCE_SECONDS + " s, got none");
        }
    }

    /** Sends the next prepared call; from any thread. */
    void call(int slot) {
        ChannelHandlerContext connected = requireNonNull(context);
        if (connected.executor().inEventLoop()) {
            start(connected, slot);
        } else {
            connected.executor().execute(() -> start(connected, slot));
        }
    }

    private void start(ChannelHandlerContext connected, int slot) {
        Http2FrameStream stream = newStream();
        slots.put(stream, slot);
        byte[] call = calls.get((slot + next++) % calls.size());
        connected.write(new DefaultHttp2HeadersFrame(headers, false).stream(stream));
        connected.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(call), true).stream(stream));
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext connected, Object frame) {
        try {
            switch (frame) {
                case Http2SettingsFrame _ -> settings.countDown();
                case Http2DataFrame data ->
                    connected.write(
                            new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(data.stream()));
                case Http2HeadersFrame end
                when end.isEndStream() ->
                    ended(end.stream(), "0".contentEquals(end.headers().get("grpc-status", "none")));
                case Http2ResetFrame reset -> ended(reset.stream(), false);
                default -> {
                    // the head of an answer, a ping: nothing to do
                }
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void ended(Http2FrameStream stream, boolean ok) {
        Integer slot = slots.remove(stream);
        if (slot != null) {
            completion.done(slot, ok);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        List<Integer> unanswered = List.copyOf(slots.values());
        slots.clear();
        unanswered.forEach(slot -> completion.done(slot, false));
    }
}
