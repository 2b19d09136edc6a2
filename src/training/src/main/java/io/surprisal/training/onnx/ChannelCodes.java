package io.surprisal.training.onnx;

/**
 * The weights and bias of a convolution as integers. Weights are int8, symmetric, with a scale for each output channel: weight ≈ scale ·
 * code, with codes in −127..127, so that none has a code that its opposite lacks. The bias is int32 in steps of the scale of what is
 * summed up, that of the weights times that of the input.
 *
 * @param weights row by row of output channels, as the float ones
 * @param scales one an output channel, above 0
 * @param bias one an output channel
 */
@SuppressWarnings("ArrayRecordComponent") // written into a file and dropped
record ChannelCodes(byte[] weights, float[] scales, int[] bias) {
    private static final int LARGEST_WEIGHT = 127;

    /** Half of what int32 holds: the products are added to it. */
    private static final double LARGEST_BIAS = 1 << 30;

    /**
     * Rounds to the nearest code.
     *
     * @param weights float32, output channel by output channel
     * @param bias one an output channel
     * @param inputScale of the input's uint8 codes, above 0
     */
    static ChannelCodes of(float[] weights, float[] bias, float inputScale) {
        int channels = bias.length;
        int each = weights.length / channels;
        byte[] codes = new byte[weights.length];
        float[] scales = new float[channels];
        int[] biases = new int[channels];
        for (int channel = 0; channel < channels; channel++) {
            double largest = 0;
            for (int i = channel * each; i < (channel + 1) * each; i++) {
                largest = Math.max(largest, Math.abs(weights[i]));
            }
            double forBias = Math.abs(bias[channel]) / (inputScale * LARGEST_BIAS);
            float scale = (float) Math.max(largest / LARGEST_WEIGHT, forBias);
            scales[channel] = scale > Float.MIN_NORMAL ? scale : 1;
            for (int i = channel * each; i < (channel + 1) * each; i++) {
                long code = Math.round((double) weights[i] / scales[channel]);
                codes[i] = (byte) Math.clamp(code, -LARGEST_WEIGHT, LARGEST_WEIGHT);
            }
            biases[channel] = (int) Math.round(bias[channel] / ((double) inputScale * scales[channel]));
        }
        return new ChannelCodes(codes, scales, biases);
    }
}
