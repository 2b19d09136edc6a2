package io.surprisal.training.density;

import io.surprisal.training.weights.ParameterLayout;

/**
 * A recurrent layer: one hidden state, zeros before the first step.
 *
 * @param name prefix of the parameters {@code name.input}, shape (gates · hidden, in), {@code name.state}, shape (gates · hidden,
 *     hidden), and their biases
 * @param cell what a step computes
 */
public record Recurrence(String name, int in, int hidden, Cell cell) {

    /** What a step computes from the input and the state before it. */
    public enum Cell {
        /** h = tanh(W x + U h + b) (Elman 1990). */
        TANH(1),
        /** A gated recurrent unit (Cho et al. 2014) whose reset gate acts behind the matrix, as libtorch has it: reset, update, new. */
        GRU(3);

        private final int gates;

        Cell(int gates) {
            this.gates = gates;
        }

        public int gates() {
            return gates;
        }
    }

    public Recurrence {
        if (in < 1 || hidden < 1) {
            throw new IllegalArgumentException("sizes of recurrent layer " + name + " must be positive");
        }
    }

    public String input() {
        return name + ".input";
    }

    public String state() {
        return name + ".state";
    }

    public String inputBias() {
        return name + ".input.bias";
    }

    public String stateBias() {
        return name + ".state.bias";
    }

    void declare(ParameterLayout.Builder parameters) {
        int rows = cell.gates() * hidden;
        parameters.normal(input(), 1 / Math.sqrt(in), rows, in);
        parameters.normal(state(), 1 / Math.sqrt(hidden), rows, hidden);
        parameters.zeros(inputBias(), rows);
        parameters.zeros(stateBias(), rows);
    }
}
