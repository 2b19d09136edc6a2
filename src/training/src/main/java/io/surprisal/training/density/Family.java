package io.surprisal.training.density;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.detector.quantise.ImageShape;
import java.util.List;
import java.util.Map;

/**
 * A family of networks: its name in {@code bundle.json} and on the command line, what its user may choose, and how a network is
 * built from that.
 *
 * @param name lower case, for example {@code gated-pixelcnn}
 * @param hyperparameters with their usual values, in the order they are printed
 * @param constructor of a network from values for all of them
 */
public record Family(String name, List<Hyperparameter> hyperparameters, Constructor constructor) {

    /** Builds a network; refuses what does not fit together with {@link IllegalArgumentException}. */
    @FunctionalInterface
    public interface Constructor {
        AutoregressiveNetwork network(ImageShape shape, int levels, Hyperparameters values);
    }

    public Family {
        hyperparameters = List.copyOf(hyperparameters);
    }

    /**
     * Builds a network again from what {@link AutoregressiveNetwork#hyperparameters()} wrote.
     *
     * @throws IllegalArgumentException when a hyperparameter is missing or of another type
     */
    public AutoregressiveNetwork read(ImageShape shape, int levels, JsonNode written) {
        return constructor.network(shape, levels, Hyperparameters.read(hyperparameters, written));
    }

    /**
     * Builds a network from options.
     *
     * @param options texts by the hyperparameter's name; the usual value where there is none
     * @throws IllegalArgumentException when an option is none of this family's, or its text no value
     */
    public AutoregressiveNetwork parse(ImageShape shape, int levels, Map<String, String> options) {
        List<String> names = hyperparameters.stream().map(Hyperparameter::name).toList();
        for (String option : options.keySet()) {
            if (!names.contains(option)) {
                throw new IllegalArgumentException("--" + option + " is no option of family " + name + ", which has --"
                        + String.join(", --", names));
            }
        }
        return constructor.network(shape, levels, Hyperparameters.parse(hyperparameters, options));
    }
}
