package io.surprisal.detector.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surprisal.detector.quantise.ImageShape;
import org.junit.jupiter.api.Test;

class DimensionOrderTest {

    @Test
    void rasterTakesDimensionsAsTheyAreCounted() {
        assertThat(DimensionOrder.RASTER.at(17)).isEqualTo(17);
        assertThat(DimensionOrder.RASTER.isRaster()).isTrue();
    }

    /** 2 rows, 2 columns, RGB: dimension 7 is the green of the pixel in row 1, column 0. */
    @Test
    void aDimensionLiesInTheImageWhereItsChannelsPlaneHasItsPixel() {
        assertThat(DimensionOrder.offset(new ImageShape(3, 2, 2), 7)).isEqualTo(4 + 2);
    }

    @Test
    void anOrderHoldsEachDimensionOnce() {
        assertThat(DimensionOrder.of("reversed", new int[] {2, 1, 0}).at(0)).isEqualTo(2);
        assertThatThrownBy(() -> DimensionOrder.of("x", new int[] {0, 2, 2})).hasMessageContaining("found 2 twice");
        assertThatThrownBy(() -> DimensionOrder.of("x", new int[] {0, 3, 1})).hasMessageContaining("found 3");
        assertThatThrownBy(() -> DimensionOrder.of("x", new int[] {})).hasMessageContaining("found none");
    }

    @Test
    void anOrderForOtherImagesIsRefused() {
        DimensionOrder order = DimensionOrder.of("reversed", new int[] {2, 1, 0});
        order.requireFor(new ImageShape(1, 1, 3));
        DimensionOrder.RASTER.requireFor(new ImageShape(3, 32, 32));
        assertThatThrownBy(() -> order.requireFor(new ImageShape(1, 2, 2)))
                .hasMessageContaining("4 dimensions")
                .hasMessageContaining("one of 3");
    }
}
