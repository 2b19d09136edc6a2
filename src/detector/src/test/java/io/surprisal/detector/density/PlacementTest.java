package io.surprisal.detector.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.surprisal.detector.TinyModel;
import io.surprisal.detector.quantise.ImageShape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where models run when there is nothing but the processor, as with the usual build of ONNX Runtime. */
class PlacementTest {
    private static final TinyModel TINY = new TinyModel(new ImageShape(1, 2, 2), 4, 1);

    @BeforeEach
    void thereIsNoCuda() {
        OnnxEnvironment.get();
        assumeFalse(OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA));
    }

    @Test
    void autoRunsOnTheProcessorAndSaysWhy() {
        assertThat(OnnxDensityModel.probe(wanting(ExecutionProvider.AUTO)))
                .isEqualTo(new Placement(ExecutionProvider.CPU, "this build of ONNX Runtime has no CUDA"));
        try (OnnxDensityModel model = OnnxDensityModel.of(
                TINY.onnx().toByteArray(), TINY.shape(), TINY.levels(), wanting(ExecutionProvider.AUTO))) {
            assertThat(model.placement().provider()).isEqualTo(ExecutionProvider.CPU);
            assertThat(model.evaluate(TINY.noise(3, 1)).count()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CUDA", "TENSORRT"})
    void whatIsAskedForAndNotThereIsRefused(ExecutionProvider provider) {
        assertThatExceptionOfType(InferenceException.class)
                .isThrownBy(() -> OnnxDensityModel.probe(wanting(provider)))
                .withMessageStartingWith("expected " + provider + ", on device 0, found: ");
        assertThatExceptionOfType(InferenceException.class)
                .isThrownBy(() ->
                        OnnxDensityModel.of(TINY.onnx().toByteArray(), TINY.shape(), TINY.levels(), wanting(provider)));
    }

    @Test
    void theProcessorIsThere() {
        assertThat(OnnxDensityModel.probe(wanting(ExecutionProvider.CPU)).provider())
                .isEqualTo(ExecutionProvider.CPU);
    }

    @Test
    void whatNoDeviceCanBeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Accelerator(ExecutionProvider.CUDA, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Accelerator(ExecutionProvider.CUDA, 0, -1));
    }

    private static SessionSettings wanting(ExecutionProvider provider) {
        return new SessionSettings(1, false, new Accelerator(provider, 0, 0));
    }
}
