package io.surprisal.training.density;

import java.util.List;

/**
 * The size and the masks of a {@link Made}.
 *
 * @param hidden units of each hidden layer
 * @param features ramps a dimension enters through: even, or 1 for the scaled level itself
 * @param rank features a dimension's logits are made of by a layer that all positions share; 0 for logits straight from the hidden
 *     units, as in the paper, whose weights grow with the number of levels
 * @param direct whether there are direct connections from the inputs to the outputs
 * @param orders orders of the dimensions that training goes through in turn; 1 for the exported one alone
 * @param masks draws of the hidden units' degrees that training goes through in turn, for each order
 * @param orderSeed of the exported order of the dimensions, 0 for raster
 * @param maskSeed of the degrees and of the other orders
 */
public record MadeSettings(
        List<Integer> hidden,
        int features,
        int rank,
        boolean direct,
        int orders,
        int masks,
        int orderSeed,
        int maskSeed) {

    public MadeSettings {
        hidden = List.copyOf(hidden);
        if (hidden.isEmpty() || hidden.stream().anyMatch(units -> units < 1)) {
            throw new IllegalArgumentException("expected at least one hidden layer, each with units, found " + hidden);
        }
        if (rank < 0 || orders < 1 || masks < 1) {
            throw new IllegalArgumentException("expected a rank ≥ 0 and at least one order and one mask, found " + rank
                    + ", " + orders + " and " + masks);
        }
    }

    static MadeSettings of(Hyperparameters values) {
        return new MadeSettings(
                values.wholes("hidden-layers"),
                values.whole("features"),
                values.whole("rank"),
                values.word("direct").equals("yes"),
                values.whole("orders"),
                values.whole("masks"),
                values.whole("order-seed"),
                values.whole("mask-seed"));
    }
}
