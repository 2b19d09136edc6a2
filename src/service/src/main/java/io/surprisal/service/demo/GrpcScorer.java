package io.surprisal.service.demo;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import io.surprisal.service.grpc.v1.Verdict;
import java.util.concurrent.TimeUnit;

/** Scores one image a request over gRPC, with the stub that protoc generates. */
final class GrpcScorer implements AutoCloseable {
    private final ManagedChannel channel;

    GrpcScorer(String host, int port) {
        this.channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
    }

    Answer score(byte[] image) {
        ScoreRequest request =
                ScoreRequest.newBuilder().addImages(ByteString.copyFrom(image)).build();
        try {
            Verdict verdict = ScoringGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .score(request)
                    .getVerdicts(0);
            return Answer.of(
                    verdict.getFlagged(), verdict.getBitsPerDimension(), verdict.getPValue(), verdict.getReason());
        } catch (StatusRuntimeException e) {
            return Answer.error(String.valueOf(e.getStatus().getDescription()));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
