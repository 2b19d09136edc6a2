package io.surprisal.training.cli;

import io.surprisal.training.density.GatedPixelCnnSettings;
import java.util.List;
import picocli.CommandLine.Option;

/** Size of the network; the defaults are those of the shipped Fashion-MNIST model. */
final class GatedPixelCnnOptions {
    @Option(
            names = "--channels",
            defaultValue = "32",
            description = "feature maps of each stack (default ${DEFAULT-VALUE})")
    int channels;

    @Option(names = "--blocks", defaultValue = "8", description = "layers after the first (default ${DEFAULT-VALUE})")
    int blocks;

    @Option(names = "--hidden", defaultValue = "64", description = "units before the output (default ${DEFAULT-VALUE})")
    int hidden;

    @Option(
            names = "--features",
            defaultValue = "8",
            description = "ramps a pixel enters through (default ${DEFAULT-VALUE})")
    int features;

    @Option(
            names = "--dilations",
            split = ",",
            defaultValue = "1,2,1,4",
            description = "horizontal dilations of the layers, in turn (default ${DEFAULT-VALUE})")
    List<Integer> dilations = List.of();

    GatedPixelCnnSettings settings() {
        return new GatedPixelCnnSettings(channels, blocks, hidden, features, dilations);
    }
}
