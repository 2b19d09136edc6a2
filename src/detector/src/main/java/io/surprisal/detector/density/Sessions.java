package io.surprisal.detector.density;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import java.util.Base64;

/** Makes sessions of ONNX Runtime, on the processor or on a device. */
final class Sessions {
    /** A model in ONNX whose output is its input, one float: what can be said of a device without a model. */
    private static final String IDENTITY =
            "CAg6PgoQCgF4EgF5IghJZGVudGl0eRIIaWRlbnRpdHlaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgIQEQ==";

    private Sessions() {}

    /** A session, and where it runs. */
    record Placed(OrtSession session, Placement placement) {}

    /**
     * Makes a session where {@code settings} want it.
     *
     * @throws OrtException when the model cannot be loaded, or not there
     */
    static Placed open(OrtEnvironment environment, byte[] model, SessionSettings settings) throws OrtException {
        ExecutionProvider wanted = settings.accelerator().provider();
        if (wanted != ExecutionProvider.AUTO) {
            return new Placed(create(environment, model, settings, wanted), new Placement(wanted, "asked for"));
        }
        if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            return onProcessor(environment, model, settings, "this build of ONNX Runtime has no CUDA");
        }
        try {
            OrtSession session = create(environment, model, settings, ExecutionProvider.CUDA);
            return new Placed(session, new Placement(ExecutionProvider.CUDA, "CUDA was found"));
        } catch (OrtException e) {
            // A model that is at fault fails here too, and says so.
            return onProcessor(environment, model, settings, "CUDA could not be used: " + e.getMessage());
        }
    }

    /**
     * Tries a session of a model that does nothing.
     *
     * @throws OrtException when there is none where {@code settings} want it
     */
    static Placement probe(OrtEnvironment environment, SessionSettings settings) throws OrtException {
        Placed placed = open(environment, Base64.getDecoder().decode(IDENTITY), settings);
        placed.session().close();
        return placed.placement();
    }

    private static Placed onProcessor(OrtEnvironment environment, byte[] model, SessionSettings settings, String reason)
            throws OrtException {
        OrtSession session = create(environment, model, settings, ExecutionProvider.CPU);
        return new Placed(session, new Placement(ExecutionProvider.CPU, reason));
    }

    private static OrtSession create(
            OrtEnvironment environment, byte[] model, SessionSettings settings, ExecutionProvider provider)
            throws OrtException {
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(settings.intraOpThreads());
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            if (!Vnni.isPresent()) {
                options.addConfigEntry("session.x64quantprecision", "1");
            }
            String spinning = settings.spinning() ? "1" : "0";
            options.addConfigEntry("session.intra_op.allow_spinning", spinning);
            options.addConfigEntry("session.inter_op.allow_spinning", spinning);
            if (provider == ExecutionProvider.TENSORRT) {
                addTensorRt(options, settings.accelerator());
            }
            if (provider.onDevice()) {
                addCuda(options, settings.accelerator());
            }
            return environment.createSession(model, options);
        }
    }

    private static void addCuda(SessionOptions options, Accelerator accelerator) throws OrtException {
        // Patterns of memory are per shape of input, and only pay where one shape comes again and again.
        options.setMemoryPatternOptimization(false);
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(accelerator.device())) {
            // An exhaustive search tries every convolution in every way for each new shape: seconds for the first
            // caller.
            cuda.add("cudnn_conv_algo_search", "HEURISTIC");
            // Ten bits of mantissa are not enough for golden images that have to agree within 5e-3 nats.
            cuda.add("use_tf32", "0");
            cuda.add("arena_extend_strategy", "kSameAsRequested");
            if (accelerator.memoryBytes() > 0) {
                cuda.add("gpu_mem_limit", Long.toString(accelerator.memoryBytes()));
            }
            options.addCUDA(cuda);
        }
    }

    private static void addTensorRt(SessionOptions options, Accelerator accelerator) throws OrtException {
        try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(accelerator.device())) {
            tensorRt.add("trt_fp16_enable", "0");
            if (accelerator.memoryBytes() > 0) {
                tensorRt.add("trt_max_workspace_size", Long.toString(accelerator.memoryBytes()));
            }
            options.addTensorrt(tensorRt);
        }
    }
}
