package io.surprisal.detector.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What can go wrong: two coefficients change places. */
class JpegZigzagTest {
    /** T.81, figure A.6: the index each place of the block has, row by row. */
    private static final int[] FIGURE = {
        0, 1, 5, 6, 14, 15, 27, 28, 2, 4, 7, 13, 16, 26, 29, 42, 3, 8, 12, 17, 25, 30, 41, 43, 9, 11, 18, 24, 31, 40,
        44, 53, 10, 19, 23, 32, 39, 45, 52, 54, 20, 22, 33, 38, 46, 51, 55, 60, 21, 34, 37, 47, 50, 56, 59, 61, 35, 36,
        48, 49, 57, 58, 62, 63
    };

    @Test
    void theWalkIsThatOfTheFigure() {
        assertThat(IntStream.range(0, 64).map(place -> JpegZigzag.row(FIGURE[place])))
                .containsExactlyElementsOf(IntStream.range(0, 64).boxed().toList());
    }
}
