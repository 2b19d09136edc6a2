package io.surprisal.detector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong: a sample is shifted, scaled or misplaced, or a damaged file passes as an image. */
class PngDecoderTest {
    private static final IntUnaryOperator EVERY_FILTER = PngDecoderTest::everyFilter;
    private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.defaults());

    @ParameterizedTest(name = "colour type {0}, {1} bits")
    @CsvSource({"0,1", "0,2", "0,4", "0,8", "0,16", "2,8", "2,16", "4,8", "4,16", "6,8", "6,16"})
    void samplesAreTheFilesOwnInEveryFormatFilterAndInterlace(int colourType, int depth) {
        Random random = new Random(colourType * 100L + depth);
        for (int size = 1; size <= 19; size++) {
            int width = size;
            int height = 1 + random.nextInt(19);
            PngImage image = PngImage.random(random, width, height, depth, colourType, (1 << depth) - 1);
            byte[] expected = colours(image);
            for (int filter = 0; filter <= 5; filter++) {
                int type = filter;
                IntUnaryOperator filters = type == 5 ? EVERY_FILTER : row -> type;
                for (boolean interlaced : new boolean[] {false, true}) {
                    Pixels pixels = DECODER.decode(image.encode(interlaced, filters));
                    assertThat(pixels)
                            .as("%d×%d, filter %d, interlaced %s", width, height, filter, interlaced)
                            .isEqualTo(new Pixels(width, height, expected.length / (width * height), expected));
                }
            }
        }
    }

    @Test
    void sixteenBitsAreRoundedToTheNearestOf256Levels() {
        int[] all = new int[65_536];
        Arrays.setAll(all, i -> i);
        byte[] file = new PngImage(256, 256, 16, 0, 1, all).encode(false, EVERY_FILTER);
        byte[] data = DECODER.decode(file).data();
        for (int sample = 0; sample < all.length; sample++) {
            assertThat(data[sample] & 0xFF).isEqualTo((int) Math.rint(sample * 255.0 / 65_535));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void aPaletteGivesItsColours(int depth) {
        int entries = Math.min(1 << depth, 200);
        byte[] palette = new byte[entries * 3];
        new Random(depth).nextBytes(palette);
        PngImage image = PngImage.random(new Random(7), 21, 13, depth, 3, entries - 1);
        for (boolean interlaced : new boolean[] {false, true}) {
            Pixels pixels = DECODER.decode(image.start(interlaced)
                    .chunk("PLTE", palette)
                    .data(image.rows(interlaced, EVERY_FILTER))
                    .end());
            assertThat(pixels.channels()).isEqualTo(3);
            for (int i = 0; i < pixels.data().length; i++) {
                assertThat(pixels.data()[i]).isEqualTo(palette[image.samples()[i / 3] * 3 + i % 3]);
            }
        }
    }

    @Test
    void aPaletteOfGreysOnlyGivesOneChannel() {
        PngImage image = new PngImage(3, 1, 2, 3, 1, new int[] {2, 0, 1});
        byte[] file = withPalette(image, new byte[] {9, 9, 9, 50, 50, 50, (byte) 200, (byte) 200, (byte) 200});
        assertThat(DECODER.decode(file)).isEqualTo(new Pixels(3, 1, 1, new byte[] {(byte) 200, 9, 50}));
    }

    @Test
    void equalChannelsDoNotMakeAnRgbImageGrey() {
        PngImage image = new PngImage(1, 1, 8, 2, 3, new int[] {7, 7, 7});
        assertThat(DECODER.decode(image.encode(false, EVERY_FILTER)).channels()).isEqualTo(3);
    }

    @Test
    void anIndexOutsideThePaletteIsRefused() {
        refused(withPalette(new PngImage(1, 1, 8, 3, 1, new int[] {2}), new byte[6]), "indices below 2, found 2");
    }

    @ParameterizedTest(name = "colour type {0}, {1} bits")
    @CsvSource({"4,8", "4,16", "6,8", "6,16"})
    void oneTransparentPixelIsRefused(int colourType, int depth) {
        PngImage image = PngImage.random(new Random(3), 9, 9, depth, colourType, (1 << depth) - 1);
        assertThatCode(() -> DECODER.decode(image.encode(false, EVERY_FILTER))).doesNotThrowAnyException();
        image.samples()[image.perPixel() * 41 - 1]--;
        refused(image.encode(false, EVERY_FILTER), "opaque", "alpha " + ((1 << depth) - 2));
        refused(image.encode(true, EVERY_FILTER), "opaque");
    }

    @ParameterizedTest(name = "colour type {0}, {1} bits")
    @CsvSource({"0,2", "0,8", "0,16", "2,8", "2,16"})
    void aTransparentColourIsRefusedWhereAPixelHasIt(int colourType, int depth) {
        int channels = colourType == 0 ? 1 : 3;
        int[] samples = new int[4 * channels];
        Arrays.fill(samples, 3);
        PngImage image = new PngImage(2, 2, depth, colourType, channels, samples);
        byte[] key = new byte[2 * channels];
        for (int i = 1; i < key.length; i += 2) {
            key[i] = 3;
        }
        refused(withTransparency(image, key), "tRNS");
        key[key.length - 1] = 2;
        assertThat(DECODER.decode(withTransparency(image, key)).data()).containsOnly(PngSamples.toByte(3, depth));
    }

    @Test
    void aTransparentPaletteEntryIsRefusedWhereAPixelUsesIt() {
        byte[] palette = {1, 2, 3, 4, 5, 6};
        byte[] opaqueThenNot = {(byte) 255, 0};
        PngImage image = new PngImage(2, 1, 1, 3, 1, new int[] {0, 0});
        PngFile file = image.start(false).chunk("PLTE", palette).chunk("tRNS", opaqueThenNot);
        assertThat(DECODER.decode(file.data(image.rows(false, EVERY_FILTER)).end())
                        .data())
                .containsExactly(1, 2, 3, 1, 2, 3);
        image.samples()[1] = 1;
        PngFile uses = image.start(false).chunk("PLTE", palette).chunk("tRNS", opaqueThenNot);
        refused(uses.data(image.rows(false, EVERY_FILTER)).end(), "palette entry with alpha 0 of 255");
    }

    @Test
    void animationsAreRefusedByName() {
        PngImage image = grey(4, 4);
        refused(
                image.start(false)
                        .chunk("acTL", new byte[8])
                        .data(image.rows(false, EVERY_FILTER))
                        .end(),
                "APNG");
    }

    @ParameterizedTest
    @ValueSource(strings = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"})
    void aChunkWithAWrongChecksumIsRefused(String damaged) {
        PngImage image = new PngImage(1, 1, 8, 3, 1, new int[] {0});
        byte[] file = image.start(false)
                .chunk("PLTE", new byte[3])
                .chunk("tRNS", (byte) 255)
                .data(image.rows(false, EVERY_FILTER))
                .end();
        assertThatCode(() -> DECODER.decode(file)).doesNotThrowAnyException();
        int type = new String(file, StandardCharsets.ISO_8859_1).indexOf(damaged);
        file[type + 4 + BigEndian.i32(file, type - 4)] ^= 1;
        refused(file, "checksum", damaged);
    }

    @Test
    void aTextChunkWithAWrongChecksumHarmsNobody() {
        PngImage image = grey(4, 4);
        byte[] file = image.start(false)
                .chunk("tEXt", 12_345, (byte) 'x')
                .data(image.rows(false, EVERY_FILTER))
                .end();
        assertThat(DECODER.decode(file).data()).isEqualTo(colours(image));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] file = PngImage.random(new Random(5), 13, 11, 8, 2, 255).encode(true, EVERY_FILTER);
        for (int length = 0; length < file.length; length++) {
            refused(Arrays.copyOf(file, length), "expected");
        }
    }

    @Test
    void bytesBehindTheEndAreIgnored() {
        PngImage image = grey(5, 5);
        byte[] file = image.encode(false, EVERY_FILTER);
        assertThat(DECODER.decode(Arrays.copyOf(file, file.length + 100)).data())
                .isEqualTo(colours(image));
    }

    @Test
    void imageDataMayComeInChunksOfAnyLength() {
        PngImage image = PngImage.random(new Random(1), 12, 7, 16, 2, 65_535);
        PngFile file = image.start(true);
        file.chunk("IDAT");
        for (byte one : PngFile.compress(image.rows(true, EVERY_FILTER))) {
            file.chunk("IDAT", one).chunk("IDAT");
        }
        assertThat(DECODER.decode(file.end()).data()).isEqualTo(colours(image));
    }

    @Test
    void imageDataOfAnotherLengthThanTheHeaderSaysAreRefused() {
        PngImage image = grey(6, 6);
        byte[] rows = image.rows(false, EVERY_FILTER);
        refused(image.start(false).data(Arrays.copyOf(rows, rows.length + 1)).end(), "found more");
        refused(image.start(false).data(Arrays.copyOf(rows, rows.length - 1)).end(), "ends early");
        byte[] compressed = PngFile.compress(rows);
        refused(
                image.start(false)
                        .chunk("IDAT", Arrays.copyOf(compressed, compressed.length - 4))
                        .end(),
                "truncated");
        compressed[compressed.length - 1] ^= 1;
        refused(image.start(false).chunk("IDAT", compressed).end(), "zlib");
    }

    @Test
    void aBombIsNotInflatedPastTheSizeOfItsImage() {
        byte[] bomb = grey(8, 8).start(false).data(new byte[8 << 20]).end();
        assertThat(Allocation.of(() -> refused(bomb, "found more"))).isLessThan(100_000);
    }

    @Test
    void aHugeHeaderCostsNothing() {
        byte[] huge = new PngFile()
                .header(50_000, 50_000, 16, 6, true)
                .data(new byte[1000])
                .end();
        assertThat(Allocation.of(() -> refused(huge, "at most 8192 pixels a side", "50000×50000")))
                .isLessThan(50_000);
        byte[] wide = new PngFile()
                .header(8_192, 8_192, 8, 0, false)
                .data(new byte[1000])
                .end();
        refused(wide, "at most 16777216 pixels", "8192×8192");
        byte[] negative =
                new PngFile().header(-1, 1, 8, 0, false).data(new byte[10]).end();
        refused(negative, "4294967295×1");
    }

    @Test
    void aLargeHeaderOnASmallFileCostsNothing() {
        byte[] claims = new PngFile()
                .header(4096, 4096, 8, 2, false)
                .data(new byte[1000])
                .end();
        assertThat(Allocation.of(() -> refused(claims, "cannot hold"))).isLessThan(50_000);
    }

    @Test
    void chunksOutOfOrderAreRefused() {
        PngImage image = grey(2, 2);
        byte[] rows = image.rows(false, EVERY_FILTER);
        byte[] compressed = PngFile.compress(rows);
        refused(new PngFile().data(rows).header(2, 2, 8, 0, false).end(), "IHDR", "first");
        refused(image.start(false).end(), "IDAT", "none");
        refused(image.start(false).header(2, 2, 8, 0, false).data(rows).end(), "critical chunk IHDR");
        refused(image.start(false).chunk("FooB").data(rows).end(), "critical chunk FooB");
        refused(image.start(false).data(rows).chunk("tEXt").data(rows).end(), "in a row");
        refused(image.start(false).data(rows).chunk("tRNS", new byte[2]).end(), "before IDAT");
        refused(image.start(false).chunk("PLTE", new byte[3]).data(rows).end(), "no PLTE");
        refused(
                new PngImage(2, 2, 8, 3, 1, new int[4])
                        .start(false)
                        .chunk("IDAT", compressed)
                        .end(),
                "PLTE");
    }

    @ParameterizedTest(name = "colour type {0}, {1} bits")
    @CsvSource({"0,3", "0,32", "1,8", "2,4", "3,16", "4,4", "5,8", "6,2", "7,8"})
    void undefinedFormatsAreRefused(int colourType, int depth) {
        refused(
                new PngFile()
                        .header(1, 1, depth, colourType, false)
                        .data(new byte[9])
                        .end(),
                "colour type");
    }

    @Test
    void anUndefinedFilterIsRefused() {
        refused(grey(1, 1).start(false).data((byte) 5, (byte) 0).end(), "filter type 0..4, found 5");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_BYTE_BINARY,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_USHORT_GRAY
            })
    void whatImageIoWritesIsReadAsImageIoReadsIt(int type) throws IOException {
        BufferedImage written = new BufferedImage(37, 23, type);
        Random random = new Random(type);
        for (int y = 0; y < written.getHeight(); y++) {
            for (int x = 0; x < written.getWidth(); x++) {
                written.setRGB(x, y, random.nextInt());
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(written, "png", out);
        Pixels pixels = DECODER.decode(out.toByteArray());
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
        boolean coloured = pixels.channels() == 3;
        Raster raster = read.getRaster();
        for (int i = 0; i < pixels.data().length; i++) {
            int pixel = i / pixels.channels();
            int x = pixel % pixels.width();
            int y = pixel / pixels.width();
            int expected = coloured || type == BufferedImage.TYPE_BYTE_BINARY
                    ? (read.getRGB(x, y) >> (16 - 8 * (i % pixels.channels()))) & 0xFF
                    : (int) Math.rint(raster.getSample(x, y, 0)
                            * 255.0
                            / ((1 << raster.getSampleModel().getSampleSize(0)) - 1));
            assertThat(pixels.data()[i] & 0xFF).isEqualTo(expected);
        }
    }

    private static int everyFilter(int row) {
        return row % 5;
    }

    private static byte[] colours(PngImage image) {
        int channels = image.colourType() == 2 || image.colourType() == 6 ? 3 : 1;
        byte[] result = new byte[image.width() * image.height() * channels];
        double largest = (1 << image.depth()) - 1;
        for (int i = 0; i < result.length; i++) {
            int sample = image.samples()[i / channels * image.perPixel() + i % channels];
            result[i] = (byte) Math.rint(sample * 255 / largest);
        }
        return result;
    }

    private static PngImage grey(int width, int height) {
        return PngImage.random(new Random(width), width, height, 8, 0, 255);
    }

    private static byte[] withPalette(PngImage image, byte[] palette) {
        return image.start(false)
                .chunk("PLTE", palette)
                .data(image.rows(false, EVERY_FILTER))
                .end();
    }

    private static byte[] withTransparency(PngImage image, byte[] transparency) {
        return image.start(false)
                .chunk("tRNS", transparency)
                .data(image.rows(false, EVERY_FILTER))
                .end();
    }

    private static void refused(byte[] file, String... words) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> DECODER.decode(file))
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
}
