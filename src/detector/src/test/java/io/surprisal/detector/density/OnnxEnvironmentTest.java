package io.surprisal.detector.density;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEnvironmentTest {

    /** What a forked program does. */
    static final class StartOnnxRuntime {
        public static void main(String[] arguments) {
            System.out.println(OnnxEnvironment.get());
        }
    }

    @TempDir
    Path home;

    /** 12,000 characters, three times what ends a process that starts ONNX Runtime on an ordinary thread. */
    @Test
    void aLongCommandLineDoesNotOverflowTheStack() throws Exception {
        assertThat(start(program("x".repeat(12_000)))).isZero();
    }

    /** ONNX Runtime would write a device identifier there, and then post what it is used for. */
    @Test
    void noUsageDataAreCollectedByAProcessThatNobodyHasToldNotTo() throws Exception {
        ProcessBuilder program = program("");
        program.environment().remove("ORT_DISABLE_TELEMETRY");
        program.environment().put("HOME", home.toString());
        program.environment().remove("XDG_CACHE_HOME");
        assertThat(start(program)).isZero();
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private static ProcessBuilder program(String argument) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder program = new ProcessBuilder(
                List.of(java, "--enable-native-access=ALL-UNNAMED", StartOnnxRuntime.class.getName(), argument));
        program.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return program.inheritIO();
    }

    private static int start(ProcessBuilder program) throws IOException, InterruptedException {
        Process process = program.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).isTrue();
        return process.exitValue();
    }
}
