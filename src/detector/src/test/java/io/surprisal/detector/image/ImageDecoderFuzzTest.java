package io.surprisal.detector.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong: as in {@link HostileInputTest}, by a file that only one who follows the decoder's branches comes upon. */
class ImageDecoderFuzzTest {
    static List<byte[]> seeds() {
        return HostileFiles.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "8s")
    void anyBytesArePixelsOrTheOneException(byte[] file) {
        HostileFiles.examine(file);
        HostileFiles.examine(HostileFiles.withRightChecksums(file.clone()));
    }
}
