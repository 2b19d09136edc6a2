package io.surprisal.service.gate.form;

import com.google.protobuf.InvalidProtocolBufferException;
import io.surprisal.service.gate.GatedRequest;
import io.surprisal.service.oip.grpc.Messages;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.http.Inflation;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import java.nio.ByteBuffer;

/** The Open Inference Protocol over gRPC: the body is one message behind five bytes, whether it is compressed and how long it is. */
record OpenInferenceGrpcForm(TensorReader tensors, int limit) implements Form {
    private static final int PREFIX_BYTES = 5;

    @Override
    public boolean fits(GatedRequest request) {
        return request.mediaType().startsWith("application/grpc");
    }

    @Override
    public Images images(GatedRequest request) {
        if (!request.path().equals("/inference.GRPCInferenceService/ModelInfer")) {
            throw new InvalidRequestException(
                    "expected inference.GRPCInferenceService/ModelInfer, got " + request.path());
        }
        try {
            ModelInferRequest message = ModelInferRequest.parseFrom(message(request));
            return OpenInferenceTensors.images(Messages.request(message), tensors);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidRequestException(
                    "expected a ModelInferRequest, got a message that is not: " + e.getMessage());
        }
    }

    private byte[] message(GatedRequest request) {
        ByteBuffer body = ByteBuffer.wrap(request.body());
        int compressed = body.remaining() < PREFIX_BYTES ? -1 : body.get();
        int length = compressed < 0 ? -1 : body.getInt();
        if (compressed < 0 || compressed > 1 || length != body.remaining()) {
            throw new InvalidRequestException(
                    "expected one gRPC message, got %d bytes that are not".formatted(request.body().length));
        }
        byte[] message = new byte[length];
        body.get(message);
        return compressed == 1 ? Inflation.of(request.header("grpc-encoding"), message, limit) : message;
    }
}
