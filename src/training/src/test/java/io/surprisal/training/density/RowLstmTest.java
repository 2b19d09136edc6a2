package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;

class RowLstmTest extends AutoregressiveContract {

    @Override
    AutoregressiveNetwork network(ImageShape shape, int levels) {
        return new RowLstm(shape, levels, new RowLstmSettings(12, 2, 12));
    }

    /** The end of the row above is beyond what a row's first pixel sees of it, but for the first 7×7 kernel. */
    @Override
    boolean seesPredecessor(ImageShape shape, int d) {
        boolean startsRow = d % (shape.width() * shape.channels()) == 0;
        return d > 0 && (!startsRow || shape.width() <= 4);
    }
}
