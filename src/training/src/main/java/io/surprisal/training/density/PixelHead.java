package io.surprisal.training.density;

import io.surprisal.training.weights.ParameterLayout;
import org.jspecify.annotations.Nullable;

/**
 * From features of the pixels before a pixel to the logits of its channels: two 1×1 layers with a ReLU between them. For RGB the
 * first one also sees the pixel itself, masked to the channels before (R→G→B). So a sequence model has one step a pixel and not
 * three: a third of the steps for a recurrent layer, a ninth of the products for attention.
 */
record PixelHead(Convolution past, @Nullable Convolution present, Convolution output) {

    /**
     * A head.
     *
     * @param in feature maps of what comes before
     * @param present feature maps of the pixel itself, channel by channel
     * @param hidden units between the layers; a multiple of the image's channels
     */
    static PixelHead of(int imageChannels, int in, int present, int hidden, int levels) {
        if (hidden % imageChannels != 0) {
            throw new IllegalArgumentException("expected hidden units in multiples of the image's %d channels, found %d"
                    .formatted(imageChannels, hidden));
        }
        boolean grey = imageChannels == 1;
        ChannelMask before = new ChannelMask(imageChannels, true, 1);
        ChannelMask upTo = new ChannelMask(imageChannels, false, 1);
        return new PixelHead(
                Convolution.pointwise("head.past", in, hidden, null, 1.4),
                grey ? null : Convolution.pointwise("head.present", present, hidden, before, 1.4),
                Convolution.pointwise("head.output", hidden, imageChannels * levels, grey ? null : upTo, 0.1));
    }

    /** Logits, shape (N, C·L, H, W), from two sets of feature maps. */
    <T> T logits(Operations<T> ops, T features, T pixel) {
        T sum = ops.convolve(features, past);
        if (present != null) {
            sum = ops.add(sum, ops.convolve(pixel, present));
        }
        return ops.convolve(ops.relu(sum), output);
    }

    void declare(ParameterLayout.Builder parameters) {
        past.declare(parameters);
        if (present != null) {
            present.declare(parameters);
        }
        output.declare(parameters);
    }
}
