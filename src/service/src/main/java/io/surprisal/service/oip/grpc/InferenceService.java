package io.surprisal.service.oip.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.surprisal.service.caller.Callers;
import io.surprisal.service.grpc.Statuses;
import io.surprisal.service.oip.InferAnswer;
import io.surprisal.service.oip.Inference;
import io.surprisal.service.oip.Repository;
import io.surprisal.service.oip.Server;
import io.surprisal.service.oip.ServerDescription;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferResponse;
import io.surprisal.service.oip.grpc.v2.ModelMetadataRequest;
import io.surprisal.service.oip.grpc.v2.ModelMetadataResponse;
import io.surprisal.service.oip.grpc.v2.ModelReadyRequest;
import io.surprisal.service.oip.grpc.v2.ModelReadyResponse;
import io.surprisal.service.oip.grpc.v2.RepositoryIndexRequest;
import io.surprisal.service.oip.grpc.v2.RepositoryIndexResponse;
import io.surprisal.service.oip.grpc.v2.RepositoryModelLoadRequest;
import io.surprisal.service.oip.grpc.v2.RepositoryModelLoadResponse;
import io.surprisal.service.oip.grpc.v2.RepositoryModelUnloadRequest;
import io.surprisal.service.oip.grpc.v2.RepositoryModelUnloadResponse;
import io.surprisal.service.oip.grpc.v2.ServerLiveRequest;
import io.surprisal.service.oip.grpc.v2.ServerLiveResponse;
import io.surprisal.service.oip.grpc.v2.ServerMetadataRequest;
import io.surprisal.service.oip.grpc.v2.ServerMetadataResponse;
import io.surprisal.service.oip.grpc.v2.ServerReadyRequest;
import io.surprisal.service.oip.grpc.v2.ServerReadyResponse;
import io.surprisal.service.score.InvalidRequestException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@code inference.GRPCInferenceService}. Runs on the event loop; nothing in it blocks. */
@GrpcService
public class InferenceService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    private final Server server;
    private final Inference inference;
    private final Repository repository;

    InferenceService(Server server, Inference inference, Repository repository) {
        this.server = server;
        this.inference = inference;
        this.repository = repository;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> responses) {
        answer(responses, () -> ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
        answer(
                responses,
                () -> ServerReadyResponse.newBuilder().setReady(server.ready()).build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
        answer(
                responses,
                () -> ModelReadyResponse.newBuilder()
                        .setReady(server.ready(request.getName(), Messages.given(request.getVersion())))
                        .build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
        answer(responses, () -> {
            ServerDescription description = server.describe();
            return ServerMetadataResponse.newBuilder()
                    .setName(description.name())
                    .setVersion(description.version())
                    .addAllExtensions(description.extensions())
                    .build();
        });
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
        answer(
                responses,
                () -> Messages.metadata(server.describe(request.getName(), Messages.given(request.getVersion()))));
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
        CompletableFuture<InferAnswer> answer = infer(request);
        ((ServerCallStreamObserver<ModelInferResponse>) responses).setOnCancelHandler(() -> answer.cancel(false));
        boolean raw = request.getRawInputContentsCount() > 0;
        answer.whenComplete((result, failure) -> {
            if (answer.isCancelled()) {
                return;
            }
            if (failure == null) {
                responses.onNext(Messages.response(result, raw));
                responses.onCompleted();
            } else {
                responses.onError(Statuses.ending(failure));
            }
        });
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> responses) {
        answer(responses, () -> {
            requireOnlyRepository(request.getRepositoryName());
            return RepositoryIndexResponse.newBuilder()
                    .addAllModels(repository.index(request.getReady()).stream()
                            .map(Messages::index)
                            .toList())
                    .build();
        });
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> responses) {
        answerLater(responses, RepositoryModelLoadResponse.getDefaultInstance(), () -> {
            requireOnlyRepository(request.getRepositoryName());
            return repository.load(
                    request.getModelName(), request.getParametersMap().keySet());
        });
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> responses) {
        answerLater(responses, RepositoryModelUnloadResponse.getDefaultInstance(), () -> {
            requireOnlyRepository(request.getRepositoryName());
            return repository.unload(
                    request.getModelName(), request.getParametersMap().keySet());
        });
    }

    private static void requireOnlyRepository(String name) {
        if (!name.isEmpty()) {
            throw new InvalidRequestException("expected no name of a repository, as there is one, got " + name);
        }
    }

    private CompletableFuture<InferAnswer> infer(ModelInferRequest request) {
        try {
            return inference.infer(Messages.request(request), Callers.ofThisCall());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <T> void answerLater(StreamObserver<T> responses, T done, Supplier<CompletableFuture<Void>> change) {
        CompletableFuture<Void> changed;
        try {
            changed = change.get();
        } catch (RuntimeException e) {
            changed = CompletableFuture.failedFuture(e);
        }
        changed.whenComplete((result, failure) -> {
            if (failure == null) {
                responses.onNext(done);
                responses.onCompleted();
            } else {
                responses.onError(Statuses.ending(failure));
            }
        });
    }

    private static <T> void answer(StreamObserver<T> responses, Supplier<T> answer) {
        T message;
        try {
            message = answer.get();
        } catch (RuntimeException e) {
            responses.onError(Statuses.ending(e));
            return;
        }
        responses.onNext(message);
        responses.onCompleted();
    }
}
