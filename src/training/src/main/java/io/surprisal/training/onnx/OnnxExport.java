package io.surprisal.training.onnx;

import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.Categorical;
import io.surprisal.training.density.LogisticMixture;
import io.surprisal.training.density.ReflectedDigits;
import java.util.Map;

/** Writes {@code model.onnx}: input {@code image}, outputs {@code log_prob}, {@code entropy}, {@code surprisal_variance}, {@code cdf}. */
public final class OnnxExport {
    private OnnxExport() {}

    /**
     * The bytes of the ONNX file.
     *
     * @param weights all parameters in the order of the network's layout
     * @param provenance free text that is stored in the file's metadata
     */
    public static byte[] model(AutoregressiveNetwork network, float[] weights, Map<String, String> provenance) {
        ImageShape s = network.shape();
        OnnxGraph graph = new OnnxGraph(network.family());
        OnnxValue image = graph.input("image", TensorProto.DataType.UINT8, -1, s.channels(), s.height(), s.width());
        OnnxValue levels = graph.cast(image, TensorProto.DataType.FLOAT);
        OnnxOperations operations = new OnnxOperations(graph, network.parameters(), weights);
        OnnxValue scaled = scaled(graph, levels, network.levels());
        OnnxValue outputs = network.outputs(operations, scaled);
        switch (network.distribution()) {
            case Categorical categorical ->
                new CategoricalOutputs(graph, s, categorical.levels()).emit(levels, outputs);
            case ReflectedDigits digits -> new ReflectedDigitsOutputs(graph, s, digits).emit(levels, outputs);
            case LogisticMixture mixture -> new LogisticMixtureOutputs(graph, s, mixture).emit(scaled, outputs);
        }
        return graph.model("surprisal", provenance).toByteArray();
    }

    private static OnnxValue scaled(OnnxGraph graph, OnnxValue levels, int count) {
        OnnxValue stretched = graph.multiply(levels, graph.constant("scale", 2f / (count - 1)));
        return graph.subtract(stretched, graph.constant("one", 1f));
    }
}
