package io.surprisal.detector.image;

/**
 * The samples of one component at its own resolution.
 *
 * @param width samples a row that belong to the image
 * @param height rows that belong to the image
 * @param stride samples from a row to the next; the padding to whole blocks is behind {@code width}
 * @param samples 0..255
 */
record JpegPlane(int width, int height, int stride, byte[] samples) {
    private static final int SIDE = 8;

    /** Dequantises and transforms all blocks of a component that hold samples of the image. */
    static JpegPlane of(JpegComponent component) {
        int stride = component.blocksWide() * SIDE;
        byte[] samples = new byte[stride * component.blocksHigh() * SIDE];
        JpegInverseDct dct = new JpegInverseDct();
        int[] steps = component.quantisation();
        for (int row = 0; row < component.blocksHigh(); row++) {
            for (int column = 0; column < component.blocksWide(); column++) {
                int at = (row * stride + column) * SIDE;
                dct.transform(component.coefficients(), component.blockAt(row, column), steps, samples, at, stride);
            }
        }
        return new JpegPlane(component.width(), component.height(), stride, samples);
    }

    /** Where a row starts; rows outside the image are its first or last row again. */
    int rowAt(int row) {
        return Math.clamp(row, 0, height - 1) * stride;
    }
}
