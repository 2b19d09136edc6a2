package io.surprisal.detector.density;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.surprisal.detector.TinyModel;
import io.surprisal.detector.quantise.ImageShape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A counter that only says what was meant to be closed would never find a leak. */
class OpenTensorsTest {

    @Test
    void aTensorThatWasNotClosedStaysCounted() throws OrtException {
        long before = OpenTensors.count();
        OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), new float[] {1});
        OpenTensors.made(List.of(tensor));

        OpenTensors.done(List.of(tensor));
        assertThat(OpenTensors.count()).isEqualTo(before + 1);

        tensor.close();
        OpenTensors.done(List.of(tensor));
        assertThat(OpenTensors.count()).isEqualTo(before);
    }

    @Test
    void aRunOfAModelLeavesNoneOpen() {
        long before = OnnxDensityModel.openTensors();
        TinyModel tiny = new TinyModel(new ImageShape(1, 4, 4), 8, 0.5);
        try (OnnxDensityModel model = OnnxDensityModel.of(
                tiny.onnx().toByteArray(), tiny.shape(), tiny.levels(), SessionSettings.defaults())) {
            model.evaluate(tiny.sample(3, 1));
        }
        assertThat(OnnxDensityModel.openTensors()).isEqualTo(before);
    }
}
