package io.surprisal.training.density;

/**
 * A network with its weights: a density.
 *
 * @param weights all parameters, in the order of the network's layout
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record FittedNetwork(AutoregressiveNetwork network, float[] weights) {

    /** @throws IllegalArgumentException when the weights are not as many as the network has */
    public FittedNetwork(AutoregressiveNetwork network, float[] weights) {
        if (weights.length != network.parameters().size()) {
            throw new IllegalArgumentException(
                    "expected " + network.parameters().size() + " weights, found " + weights.length);
        }
        this.network = network;
        this.weights = weights;
    }
}
