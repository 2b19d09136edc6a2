package io.surprisal.training.density;

import io.surprisal.training.density.Recurrence.Cell;
import java.util.Locale;

/**
 * The size of a {@link RecurrentNetwork}.
 *
 * @param cell what a step computes
 * @param state units of the hidden state
 * @param hidden units before the output
 * @param features ramps a channel enters through: even, or 1 for the scaled level itself
 */
public record RecurrentSettings(Cell cell, int state, int hidden, int features) {

    public RecurrentSettings {
        if (state < 1 || hidden < 1) {
            throw new IllegalArgumentException(
                    "expected a state and hidden units ≥ 1, found " + state + " and " + hidden);
        }
    }

    static RecurrentSettings of(Hyperparameters values) {
        return new RecurrentSettings(
                Cell.valueOf(values.word("cell").toUpperCase(Locale.ROOT)),
                values.whole("state"),
                values.whole("hidden"),
                values.whole("features"));
    }
}
