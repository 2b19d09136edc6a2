package io.surprisal.service.gate.envoy;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.surprisal.service.gate.envoy.v3.ExternalProcessorGrpc;
import io.surprisal.service.gate.envoy.v3.ProcessingRequest;
import io.surprisal.service.gate.envoy.v3.ProcessingResponse;

/** Envoy's {@code ext_proc}: a stream for each HTTP request. Runs on the event loop; nothing in it blocks. */
@GrpcService
public class ExternalProcessorService extends ExternalProcessorGrpc.ExternalProcessorImplBase {
    private final EnvoyGate gate;

    ExternalProcessorService(EnvoyGate gate) {
        this.gate = gate;
    }

    @Override
    public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> responses) {
        return new Processing(gate, responses);
    }
}
