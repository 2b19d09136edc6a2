package io.surprisal.detector;

import static io.surprisal.detector.TinyChange.bit;
import static io.surprisal.detector.TinyChange.content;
import static io.surprisal.detector.TinyChange.inGraph;
import static io.surprisal.detector.TinyChange.inJson;
import static io.surprisal.detector.TinyChange.inManifest;
import static io.surprisal.detector.TinyChange.inModel;
import static io.surprisal.detector.TinyChange.missing;
import static io.surprisal.detector.TinyChange.table;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.onnx.AttributeProto;
import io.surprisal.detector.onnx.FunctionProto;
import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.OperatorSetIdProto;
import io.surprisal.detector.onnx.StringStringEntryProto;
import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.onnx.TensorShapeProto.Dimension;
import io.surprisal.detector.onnx.TypeProto;
import io.surprisal.detector.onnx.ValueInfoProto;
import java.nio.file.Path;

/**
 * Ways to break a {@link TinyBundle}, each one clause of the contract. A fault in the model or in a JSON file has the
 * right hash, so that it is found for what it is; {@link #BYTE_CHANGED} is the one about hashes.
 */
@SuppressWarnings("ImmutableEnumChecker") // a change is two functions without state
public enum TinyFault {

    // Faults that only a run of the model shows.
    NAN_OUTPUT("golden images", table("log_prob_table", Float.NaN)),
    POSITIVE_LOG_PROBABILITY("golden images", table("log_prob_table", 0.5f)),
    OTHER_WEIGHTS("golden image 0", table("log_prob_table", -5.5f)),
    GOLDEN_NATS_OFF("golden image 0", inJson("golden.json", root -> {
        ObjectNode image = (ObjectNode) root.get("images").get(0);
        image.put("nats", image.get("nats").doubleValue() + 0.01);
    })),

    // Faults of model.onnx.
    NOT_ONNX("format of model.onnx", content("model.onnx", "not a model".getBytes(UTF_8))),
    NOT_RUNNABLE("model.onnx", inGraph(graph -> graph.getNodeBuilder(0).setInput(0, "nowhere"))),
    FORBIDDEN_OPERATOR("operators of model.onnx", inGraph(graph -> graph.addNode(operator("RandomNormal", "")))),
    FOREIGN_DOMAIN("operators of model.onnx", inGraph(graph -> graph.addNode(operator("Add", "com.microsoft")))),
    FOREIGN_OPSET("opset of model.onnx", inModel(model -> model.addOpsetImport(opset("com.microsoft", 1)))),
    OLD_OPSET("opset of model.onnx", inModel(model -> model.setOpsetImport(0, opset("", 12)))),
    SUBGRAPH(
            "attributes of model.onnx", inGraph(graph -> graph.getNodeBuilder(0).addAttribute(subgraph()))),
    LOCAL_FUNCTION(
            "functions of model.onnx",
            inModel(model -> model.addFunctions(FunctionProto.newBuilder().setName("f")))),
    EXTERNAL_DATA("data of model.onnx", inGraph(TinyFault::pointOutside)),
    EXTERNAL_DATA_IN_A_CONSTANT("data of model.onnx", inGraph(graph -> graph.addNode(constant(graph)))),
    SECOND_INPUT(
            "inputs of model.onnx",
            inGraph(graph -> graph.addInput(graph.getInput(0).toBuilder().setName("mask")))),
    WRONG_INPUT_NAME(
            "inputs of model.onnx", inGraph(graph -> graph.getInputBuilder(0).setName("x"))),
    WRONG_INPUT_TYPE(
            "input image of model.onnx",
            inGraph(graph -> retype(graph.getInputBuilder(0), TensorProto.DataType.FLOAT))),
    WRONG_SHAPE("input image of model.onnx", inGraph(graph -> resize(graph.getInputBuilder(0), 3, 99))),
    FIXED_BATCH("input image of model.onnx", inGraph(graph -> resize(graph.getInputBuilder(0), 0, 1))),
    UNKNOWN_OUTPUT(
            "outputs of model.onnx", inGraph(graph -> graph.getOutputBuilder(3).setName("loss"))),
    NO_LOG_PROBABILITY("outputs of model.onnx", inGraph(graph -> graph.removeOutput(0))),
    WRONG_OUTPUT_TYPE(
            "output entropy of model.onnx",
            inGraph(graph -> retype(graph.getOutputBuilder(1), TensorProto.DataType.DOUBLE))),
    NO_ENTROPY("statistics of calibration.json", inGraph(graph -> graph.removeOutput(1))),

    // Faults of the folder.
    BYTE_CHANGED("SHA-256 of model.onnx", bit("model.onnx")),
    CALIBRATION_BYTE_CHANGED("SHA-256 of calibration.json", bit("calibration.json")),
    GOLDEN_BYTE_CHANGED("SHA-256 of golden.json", bit("golden.json")),
    NO_MANIFEST("files of a bundle", missing("bundle.json")),
    NO_MODEL("files of a bundle", missing("model.onnx")),
    NO_CALIBRATION("files of a bundle", missing("calibration.json")),
    NO_GOLDEN("files of a bundle", missing("golden.json")),
    CALIBRATION_NOT_LISTED(
            "files of bundle.json", inManifest(root -> in(root, "files").remove("calibration.json"))),
    FILE_OUTSIDE("files of bundle.json", inManifest(root -> in(root, "files").put("../x", "0"))),
    OTHER_SCHEMA("schemaVersion of bundle.json", inManifest(root -> root.put("schemaVersion", 2))),
    NO_SHAPE("content of bundle.json", inManifest(root -> root.remove("shape"))),
    ORDER_OF_OTHER_IMAGES(
            "content of bundle.json",
            inManifest(root -> root.putArray("dimensions").add(1).add(0))),
    DIMENSION_TWICE(
            "content of bundle.json",
            inManifest(root -> root.putArray("dimensions").add(0).add(0))),
    NO_DATA_HASH("content of bundle.json", inManifest(root -> in(root, "data").put("sha256", "?"))),
    NO_SCORES(
            "content of calibration.json",
            inJson("calibration.json", root -> in(root, "scores").removeAll())),
    SCORES_CUT_SHORT(
            "content of calibration.json",
            inJson("calibration.json", root -> in(root, "scores").put("typicality", "AAAA"))),
    MISSING_STATISTIC(
            "statistics of calibration.json",
            inJson("calibration.json", root -> in(root, "scores").remove("typicality"))),
    UNKNOWN_STATISTIC(
            "content of calibration.json",
            inJson(
                    "calibration.json",
                    root -> in(root, "scores").putArray("magic").add(1))),
    NO_MEDIAN(
            "content of calibration.json",
            inJson("calibration.json", root -> in(root, "parameters").removeAll())),
    NO_GOLDEN_IMAGES("content of golden.json", inJson("golden.json", root -> root.putArray("images")));

    private final String clause;
    private final TinyChange change;

    TinyFault(String clause, TinyChange change) {
        this.clause = clause;
        this.change = change;
    }

    /** The clause that {@code BundleException} has to name. */
    public String clause() {
        return clause;
    }

    /** Whether only running the model shows it, and so only {@code replayGolden}. */
    public boolean needsTheModelToRun() {
        return clause.startsWith("golden");
    }

    ModelProto inModelOf(ModelProto whole) {
        ModelProto.Builder builder = whole.toBuilder();
        change.model().accept(builder);
        return builder.build();
    }

    void inFolder(Path whole) {
        change.folder().accept(whole);
    }

    private static ObjectNode in(ObjectNode root, String field) {
        return (ObjectNode) root.get(field);
    }

    private static NodeProto.Builder operator(String name, String domain) {
        return NodeProto.newBuilder().setOpType(name).setDomain(domain).addOutput("unused");
    }

    private static OperatorSetIdProto.Builder opset(String domain, int version) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version);
    }

    private static AttributeProto.Builder subgraph() {
        return AttributeProto.newBuilder().setName("body").setG(GraphProto.getDefaultInstance());
    }

    private static void pointOutside(GraphProto.Builder graph) {
        graph.setInitializer(0, outside(graph.getInitializer(0)));
    }

    private static NodeProto.Builder constant(GraphProto.Builder graph) {
        return operator("Constant", "")
                .addAttribute(AttributeProto.newBuilder().setName("value").setT(outside(graph.getInitializer(0))));
    }

    private static TensorProto outside(TensorProto tensor) {
        return tensor.toBuilder()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("../secret"))
                .build();
    }

    private static TypeProto.Tensor.Builder tensor(ValueInfoProto.Builder value) {
        return value.getTypeBuilder().getTensorTypeBuilder();
    }

    private static void retype(ValueInfoProto.Builder value, TensorProto.DataType type) {
        tensor(value).setElemType(type.getNumber());
    }

    private static void resize(ValueInfoProto.Builder value, int dimension, int size) {
        tensor(value).getShapeBuilder().setDim(dimension, Dimension.newBuilder().setDimValue(size));
    }
}
