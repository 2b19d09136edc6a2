package io.surprisal.training.density;

import java.util.List;

/**
 * What a network is made of. Written once against this interface, a network is trained by {@link TorchOperations} and written
 * down as ONNX by {@code io.surprisal.training.onnx.OnnxOperations}: the two cannot describe different networks.
 *
 * <p>Convolutions take feature maps of shape (N, channels, H, W); the other operations take any shape whose first axis is N, which
 * none of them touches, and count that axis too.
 *
 * @param <T> a tensor, or a handle of one
 */
public interface Operations<T> {

    /** The convolution of {@code x}, with its mask applied and its bias added. */
    T convolve(T x, Convolution convolution);

    /** tanh(a) · sigmoid(b), where a and b are the halves of the convolution of {@code x} (van den Oord 2016b, eq. 2). */
    T gate(T x, Convolution convolution);

    /** The same for the sum of two convolutions: where the vertical stack enters the horizontal one. */
    T gate(T x, Convolution convolution, T y, Convolution other);

    /** The same for the sum of three: where a class enters as well. */
    T gate(T x, Convolution convolution, T y, Convolution other, T z, Convolution third);

    /** a · sigmoid(b), where a and b are the halves of the convolution of {@code x} (Dauphin et al. 2017, eq. 1). */
    T linearGate(T x, Convolution convolution);

    /** The same for the sum of two convolutions. */
    T linearGate(T x, Convolution convolution, T y, Convolution other);

    T add(T x, T y);

    /** The convolution of {@code x} at every second row and column, the first ones included. */
    T halve(T x, Convolution convolution);

    /**
     * A transposed convolution of stride 2 and kernel 2×2, given as a 1×1 convolution to four times the channels, of which each four
     * are spread over 2×2 pixels; the rows and columns that {@code like} does not have are cut off.
     */
    T enlarge(T x, Convolution convolution, T like);

    T relu(T x);

    /** Without its last row: together with a row of padding above, a shift down by one. */
    T dropLastRow(T x);

    /** Without its last column. */
    T dropLastColumn(T x);

    T multiply(T x, T y);

    T sigmoid(T x);

    T tanh(T x);

    /** x·Wᵀ + b over the last axis, with its mask applied. */
    T linear(T x, Linear layer);

    /**
     * A parameter as a value that is the same for every image, for {@link #add} and {@link #multiply}.
     *
     * @param shape the parameter's own, without N, which becomes 1
     */
    T parameter(String name, long... shape);

    /** One number, for {@link #add} and {@link #multiply}. */
    T constant(float value);

    /** Numbers; the first axis is N, or 1 for the same for every image. */
    T constants(float[] values, long... shape);

    /** Layer normalisation over the last axis (Ba et al. 2016): zero mean, unit variance, then gain and bias. */
    T normalise(T x, Normalisation layer);

    /**
     * Causal self-attention (Vaswani et al. 2017, eq. 1, with the mask of section 3.2.3): step t is a mean of the values up to and
     * including t, weighted by softmax(q·k / √width).
     *
     * @param query shape (N, heads, steps, width), like the other two
     */
    T attend(T query, T key, T value, long steps, long width);

    /** The states of a recurrent layer at each of T steps: (N, T, in) to (N, T, hidden). */
    T recur(T x, Recurrence layer);

    /** One step later: the first of T steps becomes zeros, the last one is lost. Shape (N, T, width). */
    T shift(T x);

    /** Another shape, its first axis N left out. */
    T reshape(T x, long... shape);

    /** The axes in another order; the first is always 0. */
    T permute(T x, long... axes);

    /** Places {@code from} (inclusive) to {@code to} (exclusive) along an axis. */
    T slice(T x, int axis, long from, long to);

    T concatenate(List<T> parts, int axis);

    /** ln softmax over the last axis. */
    T logSoftmax(T x);

    /** ln Σ exp over the last axis, which goes. */
    T logSumExp(T x);

    /** The sum of all that comes before, along the last axis; 0 at its first place. */
    T sumBefore(T x);

    /**
     * What the last axis holds at each dimension's level.
     *
     * @param x shape (N, dimensions, levels)
     * @param scaled the levels, scaled to −1..1, shape (N, dimensions)
     * @return shape (N, dimensions)
     */
    T atLevel(T x, T scaled, int levels);
}
