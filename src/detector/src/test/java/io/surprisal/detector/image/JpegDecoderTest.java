package io.surprisal.detector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong: the detector sees other samples than the classifier's libjpeg, or a damaged file passes. */
class JpegDecoderTest {
    private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.defaults());
    private static final int[] SIDES = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 28, 32, 33, 50};

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CMYK", "ARITHMETIC"})
    void samplesAreLibjpegTurbosToTheBit(JpegSample sample) {
        Pixels pixels = DECODER.decode(sample.file());
        CRC32 crc = new CRC32();
        crc.update(pixels.data());
        assertThat(pixels).hasToString("27×21 " + (sample.channels() == 1 ? "grey" : "RGB"));
        assertThat((int) crc.getValue()).isEqualTo(sample.crc());
    }

    @ParameterizedTest(name = "{0}×{1}, progressive {2}, restart every {3}")
    @CsvSource({
        "1,1,false,0",
        "2,1,false,0",
        "2,2,false,0",
        "4,1,false,0",
        "4,2,false,0",
        "1,1,false,1",
        "2,2,false,2",
        "1,1,true,0",
        "2,1,true,0",
        "2,2,true,0",
        "2,2,true,3",
        "4,1,true,0"
    })
    void samplesAreImageIosForEverySubsampling(int horizontal, int vertical, boolean progressive, int restart) {
        Random random = new Random(horizontal * 10L + vertical);
        for (int width : SIDES) {
            int height = SIDES[random.nextInt(SIDES.length)];
            float quality = 0.05f + 0.95f * random.nextFloat();
            byte[] file = new JpegWriter(horizontal, vertical, quality, progressive, restart)
                    .encode(JpegWriter.picture(random, width, height, false));
            // Both use the same integer arithmetic: not even rounding differs.
            assertThat(DECODER.decode(file)).as("%d×%d", width, height).isEqualTo(JpegWriter.read(file));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void greySamplesAreImageIos(boolean progressive) {
        Random random = new Random(4);
        for (int width : SIDES) {
            byte[] file = new JpegWriter(1, 1, 0.8f, progressive, width % 3)
                    .encode(JpegWriter.picture(random, width, 1 + random.nextInt(40), true));
            assertThat(DECODER.decode(file)).isEqualTo(JpegWriter.read(file));
        }
    }

    @Test
    void aLoneComponentsSamplingFactorsMeanNothing() {
        byte[] file = JpegSample.GREY_PROGRESSIVE.file();
        Pixels plain = DECODER.decode(file);
        int factors = indexOf(file, 0xC2) + 10;
        assertThat(file[factors]).isEqualTo((byte) 0x11);
        file[factors] = 0x22;
        assertThat(DECODER.decode(file)).isEqualTo(plain);
    }

    @Test
    void componentsNamedRgbNeedNoMarker() {
        byte[] file = JpegSample.RGB.file();
        Pixels withMarker = DECODER.decode(file);
        int adobe = indexOf(file, 0xEE);
        file[adobe] = (byte) 0xED;
        assertThat(DECODER.decode(file)).isEqualTo(withMarker);
    }

    @ParameterizedTest
    @EnumSource(
            value = JpegSample.class,
            names = {"SUBSAMPLED_BOTH_WAYS", "ONE_SCAN_A_COMPONENT", "PROGRESSIVE", "GREY_PROGRESSIVE", "RGB"})
    void everyTruncationIsRefusedAlsoWithAnEndMarkerPutBehindIt(JpegSample sample) {
        byte[] file = sample.file();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            refused(cut, "expected");
            byte[] ended = Arrays.copyOf(file, length + 2);
            ended[length] = (byte) 0xFF;
            ended[length + 1] = (byte) 0xD9;
            if (length < file.length - 2 - 1) {
                refused(ended, "expected");
            }
        }
    }

    @Test
    void bytesBehindTheEndAreIgnored() {
        byte[] file = JpegSample.PROGRESSIVE.file();
        assertThat(DECODER.decode(Arrays.copyOf(file, file.length + 50))).isEqualTo(DECODER.decode(file));
    }

    @Test
    void aMissingRestartMarkerIsRefused() {
        byte[] file = JpegSample.SUBSAMPLED_BOTH_WAYS.file();
        int restart = indexOf(file, 0xD1);
        file[restart] = (byte) 0xD2;
        refused(file, "restart marker 1");
    }

    @Test
    void cmykAndYcckAreRefusedByName() {
        byte[] file = JpegSample.CMYK.file();
        refused(file, "CMYK", "four");
        int adobe = indexOf(file, 0xEE);
        file[adobe + 14] = 2;
        refused(file, "YCCK");
    }

    @Test
    void arithmeticCodingIsRefusedByName() {
        refused(JpegSample.ARITHMETIC.file(), "arithmetic");
    }

    @ParameterizedTest
    @CsvSource({
        "C3,lossless",
        "C5,hierarchical",
        "C7,hierarchical",
        "C9,arithmetic",
        "CA,arithmetic",
        "CB,arithmetic",
        "CC,arithmetic",
        "CD,arithmetic",
        "DE,hierarchical",
        "F7,JPEG-LS",
        "D8,SOI",
        "DC,DNL",
        "02,0xFF2"
    })
    void otherProcessesAreRefusedByName(String marker, String name) {
        refused(hex("FFD8 FF" + marker + " 000B 08 0008 0008 01 01 11 00"), name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0C 0008 0008 01 01 11 00          | samples of 8 bits, found 12",
                "08 0000 0008 01 01 11 00          | height",
                "08 0008 0000 01 01 11 00          | at least 1×1",
                "08 0008 0008 00                   | 1 or 3 components, found 0",
                "08 0008 0008 02 01 11 00 02 11 00 | 1 or 3 components, found 2",
                "08 0008 0008 01 01 01 00          | sampling factors",
                "08 0008 0008 01 01 15 00          | sampling factors",
                "08 0008 0008 03 01 31 00 02 21 00 03 11 00 | whole-number subsampling",
                "08 0008 0008 03 01 11 00 01 11 00 03 11 00 | component names",
                "08 0008 0008 03 01 11 00          | at least",
                "08 2001 0008 01 01 11 00          | at most 8192 pixels a side",
                "08 2000 2000 01 01 11 00          | at most 16777216 pixels"
            })
    void frameHeadersThatAreNotReadAreRefused(String parameters, String reason) {
        String digits = parameters.replace(" ", "");
        String length = HexFormat.of().toHexDigits((short) (2 + digits.length() / 2));
        refused(hex("FFD8 FFC0 " + length + digits + "FFFFFFFF FFD9"), reason);
    }

    @Test
    void aLargeHeaderOnASmallFileCostsNothing() {
        byte[] file = hex("FFD8 FFC0 0011 08 1000 1000 03 01 11 00 02 11 00 03 11 00 FFD9");
        assertThat(Allocation.of(() -> refused(file, "cannot hold"))).isLessThan(50_000);
    }

    @Test
    void aScanBeforeItsFrameOrItsTablesIsRefused() {
        String frame = "FFC0 000B 08 0008 0008 01 01 11 00";
        String scan = "FFDA 0008 01 01 00 003F00 00";
        refused(hex("FFD8 " + scan + "FFD9"), "frame header");
        refused(hex("FFD8 " + frame + scan + "FFD9"), "quantisation table 0");
        String steps = "FFDB 0043 00" + "01".repeat(64);
        refused(hex("FFD8 " + steps + frame + scan + "FFD9"), "DC Huffman table 0");
        refused(hex("FFD8 " + steps + frame + "FFD9"), "all scans");
        refused(hex("FFD8 " + frame + frame + "FFD9"), "second");
        refused(hex("FFD8 FFD9"), "frame header");
    }

    @Test
    void huffmanTablesThatAreNoCodeAreRefused() {
        refused(
                hex("FFD8 FFC4 0016 00 03" + "00".repeat(15) + "000102 FFD9"),
                "at most 2 more codes of 1 bits, found 3");
        refused(hex("FFD8 FFC4 0015 04 02" + "00".repeat(15) + "0001 FFD9"), "0..3");
        refused(hex("FFD8 FFC4 0015 20 02" + "00".repeat(15) + "0001 FFD9"), "class");
        refused(hex("FFD8 FFC4 0014 00 01" + "00".repeat(15) + "10 FFD9"), "0..15, found 16");
        refused(hex("FFD8 FFC4 0013 00 01" + "00".repeat(15) + "FFD9"), "at least");
    }

    @Test
    void scansThatOnlyKeepADecoderBusyAreRefused() {
        byte[] file = JpegSample.GREY_PROGRESSIVE.file();
        int end = file.length - 2;
        int scan = lastIndexOf(file, 0xDA) - 1;
        byte[] again = Arrays.copyOf(file, file.length + end - scan);
        System.arraycopy(file, scan, again, end, file.length - scan);
        refused(again, "every bit of a coefficient once");
    }

    /** Where a marker's second byte stands, by the marker's code. */
    private static int indexOf(byte[] file, int marker) {
        for (int i = 1; i < file.length; i++) {
            if (file[i - 1] == (byte) 0xFF && file[i] == (byte) marker) {
                return i;
            }
        }
        throw new AssertionError("no marker " + marker);
    }

    private static int lastIndexOf(byte[] file, int marker) {
        for (int i = file.length - 1; i > 0; i--) {
            if (file[i - 1] == (byte) 0xFF && file[i] == (byte) marker) {
                return i;
            }
        }
        throw new AssertionError("no marker " + marker);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static void refused(byte[] file, String... words) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() -> DECODER.decode(file))
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
}
