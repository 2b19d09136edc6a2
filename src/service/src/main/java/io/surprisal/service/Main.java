package io.surprisal.service;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.surprisal.detector.density.OnnxDensityModel;

/** Starts the service. ONNX Runtime's libraries are loaded while Quarkus starts, and not when the first model asks for them. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        OnnxDensityModel.prepare();
        Quarkus.run(arguments);
    }
}
