package io.surprisal.service.batch;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * A density model by hand: images are single pixels, and the log-probability of a pixel is minus its level, so that each answer says which
 * image it belongs to. Runs are held until the test lets them go, and each run's size is noted; level {@value #POISON} makes a run fail.
 */
final class FakeModel implements DensityModel {
    static final ImageShape SHAPE = new ImageShape(1, 1, 1);
    static final int POISON = 255;

    private final Semaphore permits = new Semaphore(0);
    private final BlockingQueue<Integer> begun = new LinkedBlockingQueue<>();
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();

    static Levels images(int... levels) {
        byte[] data = new byte[levels.length];
        for (int i = 0; i < levels.length; i++) {
            data[i] = (byte) levels[i];
        }
        return Levels.of(SHAPE, 256, levels.length, data);
    }

    /** Lets so many runs of the model end. */
    void release(int runs) {
        permits.release(runs);
    }

    /** Waits until a run has begun and gives the number of its images. */
    int awaitRun() throws InterruptedException {
        return begun.take();
    }

    /** Images in each run so far, in the order in which they began. */
    List<Integer> sizes() {
        return sizes;
    }

    @Override
    public ImageShape shape() {
        return SHAPE;
    }

    @Override
    public int levels() {
        return 256;
    }

    @Override
    @SuppressWarnings("NullAway") // from the class file of the record it reads its nullable components as not nullable
    public Conditionals evaluate(Levels images) {
        sizes.add(images.count());
        begun.add(images.count());
        permits.acquireUninterruptibly();
        float[] logProb = new float[images.count()];
        for (int i = 0; i < logProb.length; i++) {
            int level = Byte.toUnsignedInt(images.data()[i]);
            if (level == POISON) {
                throw new InferenceException("poison");
            }
            logProb[i] = -level;
        }
        return new Conditionals(images, logProb, null, null, null);
    }

    @Override
    public void close() {}
}
