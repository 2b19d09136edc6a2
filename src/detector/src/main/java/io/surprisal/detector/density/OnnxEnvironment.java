package io.surprisal.detector.density;

import ai.onnxruntime.OrtEnvironment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The one ONNX Runtime environment of the process.
 *
 * <p>It is made on a thread of its own with a large stack. ONNX Runtime 1.29 matches the command line of the process against a regular
 * expression when it starts, and that matching recurses several frames a character: a command line of 4,000 characters, which a class
 * path soon is, overflows the 1 MB stack of a Java thread and ends the process without a word.
 *
 * <p>In a native executable the two libraries of ONNX Runtime are files beside it: packed inside, they would have to be unpacked at each
 * start, and cost their size in memory. {@code onnxruntime.native.path} names another folder.
 */
final class OnnxEnvironment {

    private static final String LIBRARIES = "onnxruntime.native.path";
    private static final long STACK_BYTES = 256L << 20; // address space; only what is touched becomes memory

    private OnnxEnvironment() {}

    /** Begins to load the libraries, 28 MB of them, if nobody has yet, and does not wait. */
    static CompletableFuture<OrtEnvironment> start() {
        return Holder.ENVIRONMENT;
    }

    static OrtEnvironment get() {
        return start().join();
    }

    private static final class Holder {
        static final CompletableFuture<OrtEnvironment> ENVIRONMENT = create();
    }

    private static CompletableFuture<OrtEnvironment> create() {
        if ("runtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"))
                && System.getProperty(LIBRARIES) == null) {
            folderOfThisProgram().ifPresent(folder -> System.setProperty(LIBRARIES, folder.toString()));
        }
        CompletableFuture<OrtEnvironment> environment = new CompletableFuture<>();
        Runnable start = () -> {
            try {
                UsageData.off();
                environment.complete(OrtEnvironment.getEnvironment());
            } catch (Throwable e) { // a missing native library is an Error, and the caller has to see it
                environment.completeExceptionally(e);
            }
        };
        new Thread(null, start, "onnxruntime-start", STACK_BYTES).start();
        return environment;
    }

    private static Optional<Path> folderOfThisProgram() {
        return ProcessHandle.current()
                .info()
                .command()
                .map(Path::of)
                .map(Path::toAbsolutePath)
                .map(Path::getParent);
    }
}
