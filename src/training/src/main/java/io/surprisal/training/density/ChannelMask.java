package io.surprisal.training.density;

/**
 * What a causal kernel may see at and right of the current pixel. Taps right of it are in the future. At the pixel itself the order
 * is R→G→B (van den Oord 2016a, section 3.3): feature maps are split into as many equal groups as the image has channels, and group g
 * may see input groups before it (type A), or up to and including itself (type B).
 *
 * @param imageChannels channels of the image, the number of groups
 * @param strict true for type A (the first layer, which sees the image itself), false for type B
 * @param sets how many sets of feature maps the output holds one after the other, each split into groups: 2 for a gated convolution,
 *     4 for an LSTM's, else 1
 * @param ahead taps of the kernel's last row right of the current pixel: 0 for a cropped kernel, which ends at it
 */
public record ChannelMask(int imageChannels, boolean strict, int sets, int ahead) {

    public ChannelMask {
        if (imageChannels < 1 || sets < 1 || ahead < 0) {
            throw new IllegalArgumentException("a mask needs at least one group and one set");
        }
    }

    /** For a kernel that ends at the current pixel. */
    public ChannelMask(int imageChannels, boolean strict, int sets) {
        this(imageChannels, strict, sets, 0);
    }

    /** The mask as 0 and 1, laid out like the weight, shape (out, in, height, width); only the last row is ever masked. */
    public float[] values(int out, int in, int height, int width) {
        requireDivisible(out, imageChannels * sets);
        requireDivisible(in, imageChannels);
        float[] values = new float[out * in * height * width];
        int taps = height * width;
        int current = taps - 1 - ahead;
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int tap = 0; tap <= current; tap++) {
                    values[(o * in + i) * taps + tap] = tap < current || sees(o, out, i, in) ? 1 : 0;
                }
            }
        }
        return values;
    }

    private boolean sees(int o, int out, int i, int in) {
        int set = out / sets;
        int outGroup = o % set / (set / imageChannels);
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
