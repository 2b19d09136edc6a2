package io.surprisal.detector.density;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OnnxEnvironmentTest {

    /** What a forked program does. */
    static final class StartOnnxRuntime {
        public static void main(String[] arguments) {
            System.out.println(OnnxEnvironment.get());
        }
    }

    /** 12,000 characters, three times what ends a process that starts ONNX Runtime on an ordinary thread. */
    @Test
    void aLongCommandLineDoesNotOverflowTheStack() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder program = new ProcessBuilder(List.of(
                java, "--enable-native-access=ALL-UNNAMED", StartOnnxRuntime.class.getName(), "x".repeat(12_000)));
        program.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        program.inheritIO();
        Process process = program.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
