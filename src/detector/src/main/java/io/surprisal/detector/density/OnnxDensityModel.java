package io.surprisal.detector.density;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A density model in ONNX Runtime: one session, on the processor or a device, shared by all threads.
 *
 * <p>The input is {@code image}, uint8 [N, C, H, W]; the outputs are {@code log_prob} and, where the graph has them,
 * {@code entropy}, {@code surprisal_variance}, {@code cdf} and {@code background_log_ratio}, float32 [N, C, H, W]. The session is made from bytes and
 * not from a path, so that what was hashed is what runs. For the most images a second, call {@link #evaluate} from one
 * Java thread a core. {@link #close} waits for evaluations that are running; one that comes later is an
 * {@link IllegalStateException}.
 */
public final class OnnxDensityModel implements DensityModel {

    private static final String INPUT = "image";
    private static final String LOG_PROB = "log_prob";
    private static final String ENTROPY = "entropy";
    private static final String SURPRISAL_VARIANCE = "surprisal_variance";
    private static final String CDF = "cdf";
    private static final String BACKGROUND_LOG_RATIO = "background_log_ratio";
    private static final int OUTPUTS = 5;

    private final OrtEnvironment environment = OnnxEnvironment.get();
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private final ImageShape shape;
    private final int levels;
    private final OrtSession session;
    private final Placement placement;
    private boolean closed;

    private OnnxDensityModel(byte[] model, ImageShape shape, int levels, SessionSettings settings) throws OrtException {
        this.shape = shape;
        this.levels = levels;
        Sessions.Placed placed = Sessions.open(environment, model, settings);
        this.session = placed.session();
        this.placement = placed.placement();
    }

    /**
     * Makes a session.
     *
     * @param model the bytes of an ONNX file that keeps the contract of a bundle; nothing is checked here but that it
     *     runs
     * @param levels L, 2..256
     * @throws InferenceException when ONNX Runtime refuses the model
     */
    public static OnnxDensityModel of(byte[] model, ImageShape shape, int levels, SessionSettings settings) {
        try {
            return new OnnxDensityModel(model, shape, levels, settings);
        } catch (OrtException e) {
            throw new InferenceException("expected a model that ONNX Runtime can load, found: " + e.getMessage(), e);
        }
    }

    /** Begins to load ONNX Runtime, for which the first model of a process would wait otherwise; does not wait itself. */
    public static void prepare() {
        var unused = OnnxEnvironment.start();
    }

    /**
     * Tries whether a model could run where {@code settings} want it, by one that does nothing.
     *
     * @return where it would
     * @throws InferenceException when it could not, with what ONNX Runtime says
     */
    public static Placement probe(SessionSettings settings) {
        try {
            return Sessions.probe(OnnxEnvironment.get(), settings);
        } catch (OrtException e) {
            throw new InferenceException(
                    "expected %s, on device %d, found: %s"
                            .formatted(
                                    settings.accelerator().provider(),
                                    settings.accelerator().device(),
                                    e.getMessage()),
                    e);
        }
    }

    /** Where it runs. */
    public Placement placement() {
        return placement;
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public int levels() {
        return levels;
    }

    @Override
    public Conditionals evaluate(Levels images) {
        if (!images.shape().equals(shape) || images.levels() != levels) {
            throw new IllegalArgumentException("expected images of " + shape + " with " + levels + " levels, found "
                    + images.shape() + " with " + images.levels());
        }
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("expected an open density model, found one that is closed");
            }
            return run(images);
        } catch (OrtException e) {
            throw new InferenceException(
                    "ONNX Runtime could not evaluate " + images.count() + " images: " + e.getMessage(), e);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    /** Tensors of this process, of all models together, that hold native memory at this moment; 0 while no model runs. */
    public static long openTensors() {
        return OpenTensors.count();
    }

    private Conditionals run(Levels images) throws OrtException {
        long[] dimensions = {images.count(), shape.channels(), shape.height(), shape.width()};
        // A direct buffer is handed to the native side as it is; a heap buffer would be copied once more.
        ByteBuffer input = ByteBuffer.allocateDirect(images.data().length)
                .put(images.data())
                .flip();
        List<OnnxValue> tensors = new ArrayList<>(1 + OUTPUTS);
        try (OnnxTensor image = OnnxTensor.createTensor(environment, input, dimensions, OnnxJavaType.UINT8);
                OrtSession.Result outputs = session.run(Map.of(INPUT, image))) {
            tensors.add(image);
            outputs.forEach(output -> tensors.add(output.getValue()));
            OpenTensors.made(tensors);
            return new Conditionals(
                    images,
                    require(LOG_PROB, output(outputs, LOG_PROB, dimensions)),
                    output(outputs, ENTROPY, dimensions),
                    output(outputs, SURPRISAL_VARIANCE, dimensions),
                    output(outputs, CDF, dimensions),
                    output(outputs, BACKGROUND_LOG_RATIO, dimensions),
                    null);
        } finally {
            OpenTensors.done(tensors);
        }
    }

    private static float @Nullable [] output(OrtSession.Result outputs, String name, long[] dimensions) {
        if (!(outputs.get(name).orElse(null) instanceof OnnxTensor tensor)) {
            return null;
        }
        long[] found = tensor.getInfo().getShape();
        FloatBuffer values = tensor.getFloatBuffer();
        if (values == null || !Arrays.equals(found, dimensions)) {
            throw new InferenceException("output " + name + ": expected float32 " + Arrays.toString(dimensions)
                    + ", found " + tensor.getInfo().type + " " + Arrays.toString(found));
        }
        return values.array(); // getFloatBuffer has already copied it out of native memory
    }

    private static float[] require(String name, float @Nullable [] values) {
        if (values == null) {
            throw new InferenceException("output " + name + ": expected a tensor, found none");
        }
        return values;
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime could not close its session: " + e.getMessage(), e);
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
