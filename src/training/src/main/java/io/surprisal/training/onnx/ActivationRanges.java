package io.surprisal.training.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.onnx.TensorShapeProto;
import io.surprisal.detector.onnx.TypeProto;
import io.surprisal.detector.onnx.ValueInfoProto;
import io.surprisal.detector.quantise.Levels;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Observes what tensors inside a graph are between. The graph is run with their smallest and largest value as outputs, which no bundle may
 * have, so by a session of its own that lives no longer than this call.
 *
 * <p>All of the range is kept. Leaving out the outermost 0.01 or 0.1 % of the values was worse on the shipped models: what clips them is
 * rare and large.
 */
final class ActivationRanges {
    private static final int BATCH = 8;
    private static final String LOW = "/low";
    private static final String HIGH = "/high";

    private ActivationRanges() {}

    /**
     * The ranges of float32 tensors over all images.
     *
     * @param tensors names of tensors that nodes of the graph give
     * @throws InferenceException when ONNX Runtime cannot run the graph
     */
    static Map<String, ActivationRange> of(ModelProto model, Collection<String> tensors, Levels images) {
        // The detector knows how ONNX Runtime is started; here it is only used.
        OnnxDensityModel.probe(SessionSettings.defaults());
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        byte[] observing = observing(model, tensors).toByteArray();
        Map<String, ActivationRange> ranges = new HashMap<>();
        try (SessionOptions options = options();
                OrtSession session = environment.createSession(observing, options)) {
            for (int from = 0; from < images.count(); from += BATCH) {
                Levels part = images.slice(from, Math.min(images.count(), from + BATCH));
                observe(environment, session, tensors, part, ranges);
            }
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime could not observe a model's tensors: " + e.getMessage(), e);
        }
        return ranges;
    }

    private static SessionOptions options() throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
        return options;
    }

    private static void observe(
            OrtEnvironment environment,
            OrtSession session,
            Collection<String> tensors,
            Levels images,
            Map<String, ActivationRange> ranges)
            throws OrtException {
        long[] size = {
            images.count(),
            images.shape().channels(),
            images.shape().height(),
            images.shape().width()
        };
        ByteBuffer input = ByteBuffer.allocateDirect(images.data().length)
                .put(images.data())
                .flip();
        try (OnnxTensor image = OnnxTensor.createTensor(environment, input, size, OnnxJavaType.UINT8);
                OrtSession.Result outputs = session.run(Map.of("image", image))) {
            for (String tensor : tensors) {
                ActivationRange here =
                        new ActivationRange(scalar(outputs, tensor + LOW), scalar(outputs, tensor + HIGH));
                ranges.merge(
                        tensor,
                        here,
                        (a, b) -> new ActivationRange(Math.min(a.low(), b.low()), Math.max(a.high(), b.high())));
            }
        }
    }

    private static float scalar(OrtSession.Result outputs, String name) throws OrtException {
        return (Float) outputs.get(name).orElseThrow().getValue();
    }

    private static ModelProto observing(ModelProto model, Collection<String> tensors) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        graph.clearOutput();
        List<NodeProto> nodes = new ArrayList<>();
        for (String tensor : tensors) {
            nodes.add(reduce("ReduceMin", tensor, tensor + LOW));
            nodes.add(reduce("ReduceMax", tensor, tensor + HIGH));
            graph.addOutput(scalar(tensor + LOW)).addOutput(scalar(tensor + HIGH));
        }
        return model.toBuilder().setGraph(graph.addAllNode(nodes)).build();
    }

    private static NodeProto reduce(String operator, String from, String to) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(to)
                .addInput(from)
                .addOutput(to)
                .addAttribute(OnnxGraph.attribute("keepdims", 0))
                .build();
    }

    private static ValueInfoProto scalar(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(TensorShapeProto.getDefaultInstance())))
                .build();
    }
}
