package io.surprisal.training.density;

/**
 * What a network is made of. Written once against this interface, a network is trained by {@link TorchOperations} and written
 * down as ONNX by {@code io.surprisal.training.onnx.OnnxOperations}: the two cannot describe different networks.
 *
 * <p>All values are feature maps of shape (N, channels, H, W).
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
}
