package io.surprisal.training.onnx;

import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Background;
import io.surprisal.training.density.Categorical;
import io.surprisal.training.density.FittedNetwork;
import io.surprisal.training.density.LogisticMixture;
import io.surprisal.training.density.ReflectedDigits;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code model.onnx}: input {@code image}, outputs {@code log_prob}, {@code entropy}, {@code surprisal_variance}, {@code cdf} and, where
 * there is a background, {@code background_log_ratio}.
 */
public final class OnnxExport {
    private final OnnxGraph graph;
    private final ImageShape shape;
    private final OnnxValue levels;
    private final OnnxValue scaled;

    private OnnxExport(AutoregressiveNetwork network) {
        graph = new OnnxGraph(network.family());
        shape = network.shape();
        OnnxValue image =
                graph.input("image", TensorProto.DataType.UINT8, -1, shape.channels(), shape.height(), shape.width());
        levels = graph.cast(image, TensorProto.DataType.FLOAT);
        OnnxValue stretched = graph.multiply(levels, graph.constant("scale", 2f / (network.levels() - 1)));
        scaled = graph.subtract(stretched, graph.constant("one", 1f));
    }

    /**
     * The bytes of the ONNX file.
     *
     * @param weights all parameters in the order of the network's layout
     * @param provenance free text that is stored in the file's metadata
     */
    public static byte[] model(AutoregressiveNetwork network, float[] weights, Map<String, String> provenance) {
        return model(new FittedNetwork(network, weights), null, provenance);
    }

    /**
     * The same, with the ratio of a background to its twin. A twin that is {@code fitted} itself is evaluated once.
     *
     * @param background of the same images, or {@code null}
     * @param provenance free text that is stored in the file's metadata
     */
    public static byte[] model(FittedNetwork fitted, @Nullable Background background, Map<String, String> provenance) {
        OnnxExport export = new OnnxExport(fitted.network());
        OnnxConditionals all = export.conditionals(fitted);
        export.output("log_prob", all.logProb());
        export.output("entropy", all.entropy());
        export.output("surprisal_variance", all.surprisalVariance());
        export.output("cdf", all.cdf());
        if (background != null) {
            OnnxValue disturbed = export.logProb(background.disturbed());
            OnnxValue twin =
                    background.twin() == fitted ? export.ordered(all.logProb()) : export.logProb(background.twin());
            export.output("background_log_ratio", export.bounded(export.graph.subtract(disturbed, twin)));
        }
        return export.graph.model("surprisal", provenance).toByteArray();
    }

    private void output(String name, OnnxValue value) {
        graph.output(name, shape, value);
    }

    private OnnxValue logProb(FittedNetwork fitted) {
        return ordered(conditionals(fitted).logProb());
    }

    private OnnxValue ordered(OnnxValue value) {
        return graph.reshape(value, 0, shape.channels(), shape.height(), shape.width());
    }

    private OnnxValue bounded(OnnxValue ratio) {
        return graph.apply(
                "Clip",
                List.of(
                        ratio,
                        graph.constant("least", -Background.MOST_NATS),
                        graph.constant("most", Background.MOST_NATS)));
    }

    private OnnxConditionals conditionals(FittedNetwork fitted) {
        AutoregressiveNetwork network = fitted.network();
        OnnxValue outputs = network.outputs(new OnnxOperations(graph, network.parameters(), fitted.weights()), scaled);
        return switch (network.distribution()) {
            case Categorical categorical ->
                new CategoricalOutputs(graph, shape, categorical.levels()).emit(levels, outputs);
            case ReflectedDigits digits -> new ReflectedDigitsOutputs(graph, shape, digits).emit(levels, outputs);
            case LogisticMixture mixture -> new LogisticMixtureOutputs(graph, shape, mixture).emit(scaled, outputs);
        };
    }
}
