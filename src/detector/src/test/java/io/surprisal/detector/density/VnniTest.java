package io.surprisal.detector.density;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VnniTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "flags : fpu avx2 avx512f avx512_vnni, true",
        "flags : fpu avx2 avx_vnni, true",
        "flags : fpu avx2 avx512f, false",
        "model name : a processor named avx512_vnni, false",
        "Features : fp asimd, false"
    })
    void itIsAFlagOfTheProcessor(String line, boolean present) throws IOException {
        Path description = Files.writeString(folder.resolve("cpuinfo"), "processor : 0\n" + line + "\n");
        assertThat(Vnni.isIn(description)).isEqualTo(present);
    }

    @Test
    void whereNothingCanBeReadItIsTakenToBeMissing() {
        assertThat(Vnni.isIn(folder.resolve("none"))).isFalse();
    }
}
