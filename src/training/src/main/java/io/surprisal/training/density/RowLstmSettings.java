package io.surprisal.training.density;

/**
 * The size of a {@link RowLstm}.
 *
 * @param channels feature maps of the residual stream, the paper's 2h; even
 * @param layers of LSTM
 * @param hidden units of the 1×1 layer before the output
 */
public record RowLstmSettings(int channels, int layers, int hidden) {

    public RowLstmSettings {
        if (channels < 2 || layers < 1 || hidden < 1) {
            throw new IllegalArgumentException(
                    "expected channels ≥ 2, layers ≥ 1, hidden ≥ 1, found " + channels + ", " + layers + ", " + hidden);
        }
    }

    static RowLstmSettings of(Hyperparameters values) {
        return new RowLstmSettings(values.whole("channels"), values.whole("layers"), values.whole("hidden"));
    }
}
