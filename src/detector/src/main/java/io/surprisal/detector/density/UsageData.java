package io.surprisal.detector.density;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * Keeps ONNX Runtime from sending usage data, which it does by default: it writes a device identifier to the user's cache folder and posts
 * to its maker. It reads an environment variable when it starts, so that is set in this process, for those who start a jar, an executable
 * or a library and no launcher of ours. Whoever sets the variable is left to it.
 */
final class UsageData {
    private static final String SWITCH = "ORT_DISABLE_TELEMETRY";
    private static final int OVERWRITE = 1;
    /** True in a native executable, where this is worked out when it is built and the other way is left out. */
    private static final boolean EXECUTABLE = System.getProperty("org.graalvm.nativeimage.imagecode") != null;

    private UsageData() {}

    /**
     * To be called before ONNX Runtime starts.
     *
     * @throws IllegalStateException when the variable cannot be set: rather no verdicts than data that leave without anybody knowing
     */
    static void off() {
        if (System.getenv(SWITCH) != null) {
            return;
        }
        try {
            int failed = EXECUTABLE ? LibC.setEnvironment(SWITCH, "1") : setEnvironment(SWITCH, "1");
            if (failed != 0) {
                throw new IllegalStateException("setenv gave " + failed);
            }
        } catch (Throwable e) { // a method handle may throw anything
            throw new IllegalStateException(
                    "expected to switch ONNX Runtime's usage data off, and could not: set %s=1 where this is started (%s)"
                            .formatted(SWITCH, e),
                    e);
        }
    }

    private static int setEnvironment(String name, String value) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().find("setenv").orElseThrow();
        try (Arena arena = Arena.ofConfined()) {
            return (int) linker.downcallHandle(function, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                    .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), OVERWRITE);
        }
    }
}
