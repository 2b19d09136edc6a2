package io.surprisal.service.oip;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.service.model.ServedModel;
import java.util.Arrays;
import java.util.List;

/**
 * What the protocol calls a model's metadata.
 *
 * @param name of the model
 * @param versions those that can be asked for, highest first
 * @param platform what runs it, in the protocol's word
 * @param inputs of which a request brings one
 * @param outputs all that can be asked for
 */
public record ModelDescription(
        String name,
        List<String> versions,
        String platform,
        List<TensorDescription> inputs,
        List<TensorDescription> outputs) {
    private static final String PLATFORM = "onnxruntime_onnx";
    private static final long ANY = -1;

    public ModelDescription {
        versions = List.copyOf(versions);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    static ModelDescription of(ServedModel model, List<String> versions) {
        ImageShape image = model.manifest().shape();
        return new ModelDescription(
                model.manifest().name(),
                versions,
                PLATFORM,
                Arrays.stream(ImageInput.values())
                        .map(input -> new TensorDescription(input.tensorName(), input.datatype(), shape(input, image)))
                        .toList(),
                Output.of(model.cascade().isPresent()).stream()
                        .map(output ->
                                new TensorDescription(output.tensorName(), output.datatype(), output.shape(ANY, image)))
                        .toList());
    }

    private static List<Long> shape(ImageInput input, ImageShape image) {
        return switch (input) {
            case IMAGE -> List.of(ANY, (long) image.channels(), (long) image.height(), (long) image.width());
            case ENCODED -> List.of(ANY);
        };
    }
}
