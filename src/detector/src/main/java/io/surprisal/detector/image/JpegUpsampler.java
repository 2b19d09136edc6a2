package io.surprisal.detector.image;

/**
 * Rows of a subsampled component at full resolution. T.81 leaves the filter open; these are libjpeg-turbo's, so that
 * the samples are those that most classifiers see: a triangle filter (¾ nearest, ¼ next) for factors of 2 in one or
 * both directions, repetition for all others and for components of at most 2 columns.
 *
 * @param plane the component
 * @param horizontal pixels a sample, across
 * @param vertical pixels a sample, down
 */
record JpegUpsampler(JpegPlane plane, int horizontal, int vertical) {

    /** Writes row y of the full image; target has room for one sample more than the image is wide. */
    void row(int y, byte[] target, int width) {
        boolean smooth = plane.width() > 2;
        if (horizontal == 2 && vertical == 1 && smooth) {
            doubleAcross(plane.rowAt(y), target);
        } else if (horizontal == 2 && vertical == 2 && smooth) {
            doubleBoth(y, target);
        } else if (horizontal == 1 && vertical == 2) {
            doubleDown(y, target);
        } else {
            repeat(plane.rowAt(y / vertical), target, width);
        }
    }

    private void repeat(int from, byte[] target, int width) {
        if (horizontal == 1) {
            System.arraycopy(plane.samples(), from, target, 0, width);
            return;
        }
        for (int x = 0; x < width; x++) {
            target[x] = plane.samples()[from + x / horizontal];
        }
    }

    /** Rounds down towards the left and up towards the right, so that the errors cancel. */
    private void doubleAcross(int from, byte[] target) {
        int last = plane.width() - 1;
        for (int x = 0; x <= last; x++) {
            int near = 3 * sample(from + x);
            target[2 * x] = (byte) ((near + sample(from + Math.max(0, x - 1)) + 1) >> 2);
            target[2 * x + 1] = (byte) ((near + sample(from + Math.min(last, x + 1)) + 2) >> 2);
        }
    }

    private void doubleDown(int y, byte[] target) {
        int near = plane.rowAt(y / 2);
        int far = plane.rowAt(farRow(y));
        int bias = y % 2 == 0 ? 1 : 2;
        for (int x = 0; x < plane.width(); x++) {
            target[x] = (byte) ((3 * sample(near + x) + sample(far + x) + bias) >> 2);
        }
    }

    /** Down first, without rounding, then across. */
    private void doubleBoth(int y, byte[] target) {
        int near = plane.rowAt(y / 2);
        int far = plane.rowAt(farRow(y));
        int last = plane.width() - 1;
        int before = 3 * sample(near) + sample(far);
        int here = before;
        for (int x = 0; x <= last; x++) {
            int next = Math.min(last, x + 1);
            int after = 3 * sample(near + next) + sample(far + next);
            target[2 * x] = (byte) ((3 * here + before + 8) >> 4);
            target[2 * x + 1] = (byte) ((3 * here + after + 7) >> 4);
            before = here;
            here = after;
        }
    }

    /** The second nearest row of samples: above for the upper pixel of a pair, below for the lower. */
    private static int farRow(int y) {
        return y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
    }

    private int sample(int at) {
        return plane.samples()[at] & 0xFF;
    }
}
