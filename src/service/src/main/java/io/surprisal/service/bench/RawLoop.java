package io.surprisal.service.bench;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The yardstick: threads that run one shared session on a prepared tensor again and again, and drop what comes out. No decoding, no
 * statistics, no copies; the session is set up as the service's is, with one thread within a run.
 */
final class RawLoop implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Levels images;

    RawLoop(byte[] model, Levels images) throws OrtException {
        this.images = images;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            this.session = environment.createSession(model, options);
        }
    }

    /** Gives images a second. */
    double run(int threads, int batch, Duration duration) throws InterruptedException {
        long begun = System.nanoTime();
        long end = begun + duration.toNanos();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Long>> counts = new ArrayList<>(threads);
            for (int thread = 0; thread < threads; thread++) {
                counts.add(executor.submit(() -> count(batch, end)));
            }
            long total = 0;
            for (Future<Long> count : counts) {
                total += count.get();
            }
            return total / ((System.nanoTime() - begun) / 1e9);
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected the raw loop to run, got " + e.getCause(), e.getCause());
        }
    }

    private long count(int batch, long end) throws OrtException {
        ImageShape shape = images.shape();
        ByteBuffer data = ByteBuffer.allocateDirect(batch * shape.dimensions());
        for (int i = 0; i < batch; i++) {
            data.put(images.data(), i % images.count() * shape.dimensions(), shape.dimensions());
        }
        data.flip();
        long[] dimensions = {batch, shape.channels(), shape.height(), shape.width()};
        long count = 0;
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, data, dimensions, OnnxJavaType.UINT8)) {
            while (System.nanoTime() < end) {
                session.run(Map.of("image", tensor)).close();
                count += batch;
            }
        }
        return count;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
