package io.surprisal.detector.bundle;

import com.google.protobuf.InvalidProtocolBufferException;
import io.surprisal.detector.onnx.AttributeProto;
import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.OperatorSetIdProto;
import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.onnx.ValueInfoProto;
import io.surprisal.detector.quantise.ImageShape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The clauses of the contract about {@code model.onnx}, checked on the file before ONNX Runtime sees it: what a model
 * may compute, and that it cannot read other files.
 */
final class ModelContract {

    static final String CLAUSE_OUTPUTS = "outputs of model.onnx";
    private static final String DOMAIN_ALIAS = "ai.onnx"; // the standard domain is "", and this is its other spelling
    private static final int LEAST_OPSET = 13; // before it, Softmax and LogSoftmax flatten to two dimensions
    private static final String REQUIRED_OUTPUT = "log_prob";
    private static final Set<String> OPTIONAL_OUTPUTS =
            Set.of("entropy", "surprisal_variance", "cdf", "background_log_ratio");

    private static final String TO_INTEGERS = "QuantizeLinear";

    private final ImageShape shape;

    /**
     * What a graph that keeps the contract is like.
     *
     * @param outputs their names
     * @param rounds whether it rounds inner values to integers
     */
    record Graph(Set<String> outputs, boolean rounds) {}

    private ModelContract(ImageShape shape) {
        this.shape = shape;
    }

    /**
     * Checks every clause.
     *
     * @throws BundleException with the first clause that is broken
     */
    static Graph check(byte[] model, ImageShape shape) {
        ModelProto proto;
        try {
            proto = ModelProto.parseFrom(model);
        } catch (InvalidProtocolBufferException e) {
            throw new BundleException("format of model.onnx", "an ONNX file", "a fault: " + e.getMessage(), e);
        }
        return new ModelContract(shape).check(proto);
    }

    private Graph check(ModelProto model) {
        checkOpset(model.getOpsetImportList());
        require("functions of model.onnx", "no local functions", model.getFunctionsCount());
        require("training information of model.onnx", "none", model.getTrainingInfoCount());
        GraphProto graph = model.getGraph();
        require("initializers of model.onnx", "no sparse ones", graph.getSparseInitializerCount());
        graph.getInitializerList().forEach(ModelContract::checkTensor);
        graph.getNodeList().forEach(ModelContract::checkNode);
        checkInputs(graph);
        boolean rounds =
                graph.getNodeList().stream().anyMatch(node -> node.getOpType().equals(TO_INTEGERS));
        return new Graph(checkOutputs(graph), rounds);
    }

    private static void checkOpset(List<OperatorSetIdProto> imports) {
        if (imports.size() != 1 || !isStandard(imports.getFirst().getDomain())) {
            throw new BundleException(
                    "opset of model.onnx",
                    "one, of the standard domain",
                    imports.stream()
                            .map(opset -> "'" + opset.getDomain() + "' " + opset.getVersion())
                            .toList()
                            .toString());
        }
        if (imports.getFirst().getVersion() < LEAST_OPSET) {
            throw new BundleException(
                    "opset of model.onnx",
                    "at least " + LEAST_OPSET,
                    "" + imports.getFirst().getVersion());
        }
    }

    private static void checkNode(NodeProto node) {
        if (!isStandard(node.getDomain())) {
            throw new BundleException(
                    "operators of model.onnx",
                    "only those of the standard domain",
                    node.getDomain() + "." + node.getOpType());
        }
        if (!Operators.ALLOWED.contains(node.getOpType())) {
            throw new BundleException("operators of model.onnx", "only those of the allow-list", node.getOpType());
        }
        for (AttributeProto attribute : node.getAttributeList()) {
            require(
                    "attributes of model.onnx",
                    "no graphs and no sparse tensors",
                    attribute.getGraphsCount()
                            + attribute.getSparseTensorsCount()
                            + (attribute.hasG() || attribute.hasSparseTensor() ? 1 : 0));
            if (attribute.hasT()) {
                checkTensor(attribute.getT());
            }
            attribute.getTensorsList().forEach(ModelContract::checkTensor);
        }
    }

    private static void checkTensor(TensorProto tensor) {
        if (tensor.getDataLocation() != TensorProto.DataLocation.DEFAULT || tensor.getExternalDataCount() > 0) {
            throw new BundleException(
                    "data of model.onnx", "everything inside the file", "external data for " + tensor.getName());
        }
    }

    private void checkInputs(GraphProto graph) {
        Set<String> initializers = new LinkedHashSet<>();
        graph.getInitializerList().forEach(tensor -> initializers.add(tensor.getName()));
        List<ValueInfoProto> inputs = graph.getInputList().stream()
                .filter(input -> !initializers.contains(input.getName()))
                .toList();
        if (inputs.size() != 1 || !inputs.getFirst().getName().equals("image")) {
            throw new BundleException(
                    "inputs of model.onnx",
                    "one, called image",
                    inputs.stream().map(ValueInfoProto::getName).toList().toString());
        }
        TensorType type = TensorType.of(inputs.getFirst());
        if (!type.matches(TensorProto.DataType.UINT8, shape) || !type.batchIsFree()) {
            throw new BundleException("input image of model.onnx", expected("uint8"), type.toString());
        }
    }

    private Set<String> checkOutputs(GraphProto graph) {
        Set<String> names = new LinkedHashSet<>();
        for (ValueInfoProto output : graph.getOutputList()) {
            if (!output.getName().equals(REQUIRED_OUTPUT) && !OPTIONAL_OUTPUTS.contains(output.getName())) {
                throw new BundleException(
                        CLAUSE_OUTPUTS, "only " + REQUIRED_OUTPUT + " and " + OPTIONAL_OUTPUTS, output.getName());
            }
            TensorType type = TensorType.of(output);
            if (!type.matches(TensorProto.DataType.FLOAT, shape)) {
                throw new BundleException(
                        "output " + output.getName() + " of model.onnx", expected("float32"), type.toString());
            }
            names.add(output.getName());
        }
        if (!names.contains(REQUIRED_OUTPUT)) {
            throw new BundleException(CLAUSE_OUTPUTS, "one called " + REQUIRED_OUTPUT, names.toString());
        }
        return names;
    }

    private String expected(String type) {
        return type + " [N, " + shape.channels() + ", " + shape.height() + ", " + shape.width() + "], N free";
    }

    private static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals(DOMAIN_ALIAS);
    }

    private static void require(String clause, String expected, int found) {
        if (found != 0) {
            throw new BundleException(clause, expected, String.valueOf(found));
        }
    }
}
