package io.surprisal.detector.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;

/**
 * A density over images of one shape, factorised by the chain rule: p(x) = Π p(x_i | x_&lt;i).
 *
 * <p>Implementations are safe for use by many threads at once. The images of a batch do not influence each other.
 */
public interface DensityModel extends AutoCloseable {

    /** The only shape of image the model takes. */
    ImageShape shape();

    /** L: a dimension takes the values 0..L−1. */
    int levels();

    /**
     * Evaluates every conditional at the value the image has.
     *
     * @param images of {@link #shape()} and {@link #levels()}, else {@link IllegalArgumentException}
     * @return [N, D] numbers an output, nats
     * @throws InferenceException when the model cannot be run, or answers with what no log-probability can be
     */
    Conditionals evaluate(Levels images);

    /** Frees what the model holds, once running evaluations have ended. Closing twice does nothing. */
    @Override
    void close();
}
