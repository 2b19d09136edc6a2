package io.surprisal.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.training.density.AutoregressiveNetwork;
import io.surprisal.training.density.GatedPixelCnn;
import io.surprisal.training.density.Made;
import io.surprisal.training.density.PixelCnn;
import io.surprisal.training.density.PixelCnnPlusPlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong: integers that make another density than they should, or none; convolutions that stayed in float unnoticed. */
class Int8Test {
    private static final ImageShape GREY = new ImageShape(1, 8, 8);
    private static final ImageShape RGB = new ImageShape(3, 8, 8);

    static Stream<AutoregressiveNetwork> networks() {
        return Stream.of(
                GatedPixelCnn.FAMILY.parse(
                        GREY, 16, Map.of("channels", "16", "blocks", "2", "hidden", "16", "features", "4")),
                PixelCnn.FAMILY.parse(GREY, 4, Map.of("channels", "8", "blocks", "2")),
                PixelCnnPlusPlus.FAMILY.parse(RGB, 256, Map.of("channels", "8", "blocks", "1")));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void whatComesOutIsADensityInTheSameOrderNearTheOneThatWentIn(AutoregressiveNetwork network) throws IOException {
        byte[] model = model(network);
        Levels images = images(network, 60);
        Int8 int8 = Int8.of(model, images, share -> {});

        assertThat(int8.quantised()).isPositive();
        assertThat(int8.shift().rootMeanSquareNats())
                .isPositive()
                .isLessThan(Int8.REFUSED_BITS_PER_DIMENSION * network.shape().dimensions());
        assertThat(int8.shift().largestNats())
                .isGreaterThanOrEqualTo(Math.abs(int8.shift().meanNats()));
        try (DensityModel density = open(network, int8.model())) {
            CausalityCheck.of(density, network.order(), images, 1);
            ConditionalsCheck.of(density, network.order(), images, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void asManyConvolutionsReadIntegersAsAreSaidTo(AutoregressiveNetwork network) throws IOException {
        Int8 int8 = Int8.of(model(network), images(network, 60), share -> {});
        ModelProto written = ModelProto.parseFrom(int8.model());
        List<String> values = new ArrayList<>();
        List<NodeProto> convolutions = new ArrayList<>();
        for (NodeProto node : written.getGraph().getNodeList()) {
            if (node.getOpType().equals("DequantizeLinear")) {
                values.add(node.getOutput(0));
            } else if (node.getOpType().equals("Conv")) {
                convolutions.add(node);
            }
        }
        assertThat(convolutions).hasSize(int8.convolutions());
        assertThat(convolutions.stream().filter(node -> values.containsAll(node.getInputList())))
                .hasSize(int8.quantised());
        assertThat(written.getMetadataPropsList())
                .anySatisfy(entry ->
                        assertThat(entry.getKey() + "=" + entry.getValue()).isEqualTo("precision=int8"));
        assertThat(written.getGraph().getOutputList())
                .isEqualTo(ModelProto.parseFrom(model(network)).getGraph().getOutputList());
    }

    /** All of them together: what the search for the harmless ones cannot hide. */
    @Test
    void allConvolutionsInIntegersStillMakeADensity() throws IOException {
        AutoregressiveNetwork network = networks().findFirst().orElseThrow();
        Levels images = images(network, 40);
        IntegerGraph graph = IntegerGraph.of(ModelProto.parseFrom(model(network)), images);
        byte[] all = graph.with(graph.convolutions()).toByteArray();
        try (DensityModel density = open(network, all)) {
            CausalityCheck.of(density, network.order(), images, 1);
            ConditionalsCheck.of(density, network.order(), images, 1);
        }
    }

    /** What an instruction that adds two products in 16 bits cannot hold; processors with VNNI have a better one. */
    @Test
    void sumsOfTheLargestCodesDoNotSaturate() throws IOException {
        ImageShape shape = new ImageShape(1, 2, 2);
        OnnxGraph graph = new OnnxGraph("sums");
        OnnxValue image = graph.input("image", TensorProto.DataType.UINT8, -1, 1, 2, 2);
        OnnxValue levels = graph.cast(image, TensorProto.DataType.FLOAT);
        OnnxValue ones = graph.constant("weight", new float[] {1, 1, 1, 1}, 1, 1, 2, 2);
        OnnxValue none = graph.constant("bias", new float[] {0}, 1);
        OnnxValue sum = graph.apply("Conv", List.of(levels, ones, none), OnnxGraph.attribute("pads", 1L, 1, 0, 0));
        graph.output("log_prob", graph.apply("Neg", sum), -1, 1, 2, 2);
        ModelProto model = graph.model("test", Map.of());
        Levels white = Levels.of(shape, 256, 1, new byte[] {-1, -1, -1, -1});
        IntegerGraph integers = IntegerGraph.of(model, white);
        byte[] quantised = integers.with(integers.convolutions()).toByteArray();
        try (DensityModel density = OnnxDensityModel.of(quantised, shape, 256, SessionSettings.defaults())) {
            float[] sums = density.evaluate(white).logProb();
            assertThat(sums[0]).isCloseTo(-255, within(2.1f)); // half a step of 1020 / 255, and of rounding
            assertThat(sums[3]).isCloseTo(-1020, within(0.1f));
        }
    }

    @Test
    void aModelWithoutConvolutionsIsRefused() {
        AutoregressiveNetwork made = Made.FAMILY.parse(GREY, 2, Map.of("hidden-layers", "20"));
        assertThatThrownBy(() -> Int8.of(model(made), images(made, 20), share -> {}))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("expected a model with convolutions, found none");
    }

    @Test
    void tooFewImagesAreRefused() {
        AutoregressiveNetwork network = networks().findFirst().orElseThrow();
        assertThatThrownBy(() -> Int8.of(model(network), images(network, 2), share -> {}))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("at least 3 validation images, found 2");
    }

    private static DensityModel open(AutoregressiveNetwork network, byte[] model) {
        return OnnxDensityModel.of(model, network.shape(), network.levels(), SessionSettings.defaults());
    }

    private static byte[] model(AutoregressiveNetwork network) {
        float[] weights = network.parameters().initial(1);
        Random random = new Random(2);
        for (int i = 0; i < weights.length; i++) {
            weights[i] += 0.05f * (float) random.nextGaussian();
        }
        return OnnxExport.model(network, weights, Map.of());
    }

    private static Levels images(AutoregressiveNetwork network, int count) {
        Random random = new Random(3);
        byte[] data = new byte[count * network.shape().dimensions()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) random.nextInt(network.levels());
        }
        return Levels.of(network.shape(), network.levels(), count, data);
    }
}
