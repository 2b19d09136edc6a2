package io.surprisal.detector;

import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.DensityModel;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.util.function.Consumer;

/** A density model that somebody looks over the shoulder of: told of each batch before it is evaluated, and free to throw instead. */
public final class WatchedModel implements DensityModel {
    private final DensityModel model;
    private final Consumer<Levels> watcher;
    private boolean closed;

    /** @param model closed with this one */
    public WatchedModel(DensityModel model, Consumer<Levels> watcher) {
        this.model = model;
        this.watcher = watcher;
    }

    @Override
    public ImageShape shape() {
        return model.shape();
    }

    @Override
    public int levels() {
        return model.levels();
    }

    @Override
    public Conditionals evaluate(Levels images) {
        watcher.accept(images);
        return model.evaluate(images);
    }

    /** Whether it has been closed. */
    public boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        model.close();
    }
}
