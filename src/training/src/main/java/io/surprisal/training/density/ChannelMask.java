package io.surprisal.training.density;

/**
 * The order R→G→B inside a pixel (van den Oord 2016a, section 3.3): feature maps are split into as many equal groups as the
 * image has channels, and at the current pixel group g may see input groups before it (type A), or up to and including itself
 * (type B).
 *
 * @param imageChannels channels of the image, the number of groups
 * @param strict true for type A (the first layer, which sees the image itself), false for type B
 * @param halves 2 for a gated convolution, whose output holds two sets of feature maps, else 1
 */
public record ChannelMask(int imageChannels, boolean strict, int halves) {

    public ChannelMask {
        if (imageChannels < 1 || halves < 1 || halves > 2) {
            throw new IllegalArgumentException("a mask needs at least one group and one or two halves");
        }
    }

    /**
     * The mask as 0 and 1, laid out like the weight, shape (out, in, height, width); only the rightmost column of the last row
     * is ever masked, since causal kernels end at the current pixel.
     */
    public float[] values(int out, int in, int height, int width) {
        requireDivisible(out, imageChannels * halves);
        requireDivisible(in, imageChannels);
        float[] values = new float[out * in * height * width];
        int taps = height * width;
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int tap = 0; tap < taps; tap++) {
                    boolean current = tap == taps - 1;
                    values[(o * in + i) * taps + tap] = !current || sees(o, out, i, in) ? 1 : 0;
                }
            }
        }
        return values;
    }

    private boolean sees(int o, int out, int i, int in) {
        int half = out / halves;
        int outGroup = o % half / (half / imageChannels);
        int inGroup = i / (in / imageChannels);
        return strict ? inGroup < outGroup : inGroup <= outGroup;
    }

    private static void requireDivisible(int channels, int parts) {
        if (channels % parts != 0) {
            throw new IllegalArgumentException(
                    channels + " feature maps do not divide into " + parts + " groups of equal size");
        }
    }
}
