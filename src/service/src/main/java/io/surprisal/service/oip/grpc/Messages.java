package io.surprisal.service.oip.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.surprisal.service.oip.Contents;
import io.surprisal.service.oip.Elements;
import io.surprisal.service.oip.IndexEntry;
import io.surprisal.service.oip.InferAnswer;
import io.surprisal.service.oip.InferRequest;
import io.surprisal.service.oip.InputTensor;
import io.surprisal.service.oip.ModelDescription;
import io.surprisal.service.oip.OutputTensor;
import io.surprisal.service.oip.Parameters;
import io.surprisal.service.oip.RawContents;
import io.surprisal.service.oip.RequestedOutput;
import io.surprisal.service.oip.TensorDescription;
import io.surprisal.service.oip.grpc.v2.InferParameter;
import io.surprisal.service.oip.grpc.v2.InferTensorContents;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest;
import io.surprisal.service.oip.grpc.v2.ModelInferRequest.InferInputTensor;
import io.surprisal.service.oip.grpc.v2.ModelInferResponse;
import io.surprisal.service.oip.grpc.v2.ModelInferResponse.InferOutputTensor;
import io.surprisal.service.oip.grpc.v2.ModelMetadataResponse;
import io.surprisal.service.oip.grpc.v2.ModelMetadataResponse.TensorMetadata;
import io.surprisal.service.oip.grpc.v2.RepositoryIndexResponse;
import io.surprisal.service.score.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages to requests, and answers to messages. */
public final class Messages {
    private Messages() {}

    /** Blank stands for what was left out. */
    static @Nullable String given(String text) {
        return text.isBlank() ? null : text.strip();
    }

    /**
     * A message as a request, not yet checked.
     *
     * @throws InvalidRequestException when its parts do not fit together
     */
    public static InferRequest request(ModelInferRequest message) {
        int raw = message.getRawInputContentsCount();
        if (raw > 0 && raw != message.getInputsCount()) {
            throw new InvalidRequestException("expected raw_input_contents for each of %d inputs or for none, got %d"
                    .formatted(message.getInputsCount(), raw));
        }
        List<InputTensor> inputs = new ArrayList<>(message.getInputsCount());
        for (int i = 0; i < message.getInputsCount(); i++) {
            InferInputTensor input = message.getInputs(i);
            parameters(input.getParametersMap()).requireNoSharedMemory();
            inputs.add(new InputTensor(
                    input.getName(), input.getDatatype(), input.getShapeList(), contents(message, i, input)));
        }
        return new InferRequest(
                given(message.getModelName()),
                given(message.getModelVersion()),
                message.getId(),
                parameters(message.getParametersMap()),
                inputs,
                message.getOutputsList().stream()
                        .map(output -> new RequestedOutput(output.getName(), parameters(output.getParametersMap())))
                        .toList());
    }

    /**
     * An answer as a message.
     *
     * @param raw whether the elements go as raw bytes, as those of the request did
     */
    static ModelInferResponse response(InferAnswer answer, boolean raw) {
        ModelInferResponse.Builder message = ModelInferResponse.newBuilder()
                .setModelName(answer.model())
                .setModelVersion(answer.version())
                .setId(answer.id());
        for (OutputTensor output : answer.outputs()) {
            InferOutputTensor.Builder tensor = message.addOutputsBuilder()
                    .setName(output.name())
                    .setDatatype(output.elements().datatype())
                    .addAllShape(output.shape());
            if (raw) {
                message.addRawOutputContents(
                        UnsafeByteOperations.unsafeWrap(output.elements().raw()));
            } else {
                tensor.setContents(typed(output.elements()));
            }
        }
        return message.build();
    }

    static ModelMetadataResponse metadata(ModelDescription model) {
        return ModelMetadataResponse.newBuilder()
                .setName(model.name())
                .addAllVersions(model.versions())
                .setPlatform(model.platform())
                .addAllInputs(model.inputs().stream().map(Messages::metadata).toList())
                .addAllOutputs(model.outputs().stream().map(Messages::metadata).toList())
                .build();
    }

    static RepositoryIndexResponse.ModelIndex index(IndexEntry entry) {
        return RepositoryIndexResponse.ModelIndex.newBuilder()
                .setName(entry.name())
                .setVersion(entry.version())
                .setState(entry.state())
                .setReason(entry.reason())
                .build();
    }

    private static TensorMetadata metadata(TensorDescription tensor) {
        return TensorMetadata.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype())
                .addAllShape(tensor.shape())
                .build();
    }

    private static Contents contents(ModelInferRequest message, int index, InferInputTensor input) {
        if (message.getRawInputContentsCount() == 0) {
            return new TypedContents(input.getContents());
        }
        if (input.hasContents()) {
            throw new InvalidRequestException(
                    "expected contents or raw_input_contents, got both for input " + input.getName());
        }
        ByteString raw = message.getRawInputContents(index);
        return new RawContents(raw.toByteArray());
    }

    private static Parameters parameters(Map<String, InferParameter> messages) {
        Map<String, Object> values = new HashMap<>();
        messages.forEach((name, parameter) -> {
            switch (parameter.getParameterChoiceCase()) {
                case BOOL_PARAM -> values.put(name, parameter.getBoolParam());
                case INT64_PARAM -> values.put(name, parameter.getInt64Param());
                case STRING_PARAM -> values.put(name, parameter.getStringParam());
                case DOUBLE_PARAM -> values.put(name, parameter.getDoubleParam());
                case UINT64_PARAM -> values.put(name, parameter.getUint64Param());
                case PARAMETERCHOICE_NOT_SET -> {}
            }
        });
        return new Parameters(values);
    }

    private static InferTensorContents typed(Elements elements) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        switch (elements) {
            case Elements.Booleans(boolean[] values) -> {
                for (boolean value : values) {
                    contents.addBoolContents(value);
                }
            }
            case Elements.Floats(float[] values) -> {
                for (float value : values) {
                    contents.addFp32Contents(value);
                }
            }
            case Elements.Doubles(double[] values) -> {
                for (double value : values) {
                    contents.addFp64Contents(value);
                }
            }
        }
        return contents.build();
    }
}
