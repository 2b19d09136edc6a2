package io.surprisal.stream;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.surprisal.detector.density.OnnxDensityModel;

/** Starts the program. ONNX Runtime's libraries are loaded while Quarkus starts. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        OnnxDensityModel.prepare();
        Quarkus.run(arguments);
    }
}
