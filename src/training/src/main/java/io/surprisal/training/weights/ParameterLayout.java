package io.surprisal.training.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;

/**
 * Where each named parameter lies in one flat vector. Training state is then four vectors (weights, two moments, moving average),
 * and an optimiser step a handful of operations instead of a few for each of a hundred small tensors. Immutable.
 */
public final class ParameterLayout {

    /** One parameter: its name, its shape, and the values it starts from. */
    public record Entry(String name, List<Long> shape, Initial initial) {
        public int size() {
            return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
        }

        long[] dimensions() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }
    }

    /** Initial values of a parameter. */
    @FunctionalInterface
    public interface Initial {
        float value(int index, Random random);
    }

    private final List<Entry> entries;
    private final int size;

    private ParameterLayout(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        this.size = entries.stream().mapToInt(Entry::size).sum();
    }

    public static Builder builder() {
        return new Builder();
    }

    public List<Entry> entries() {
        return entries;
    }

    /** Number of scalars in all parameters together. */
    public int size() {
        return size;
    }

    /** Initial values of all parameters, the same for the same seed. */
    public float[] initial(long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        int at = 0;
        for (Entry entry : entries) {
            for (int i = 0; i < entry.size(); i++) {
                values[at++] = entry.initial().value(i, random);
            }
        }
        return values;
    }

    /** The named parameters as views of the flat vector; gradients flow back into it. */
    public Parameters view(Tensor flat) {
        return new Parameters(this, flat);
    }

    /** Collects parameters in order. */
    public static final class Builder {
        private final List<Entry> entries = new ArrayList<>();

        private Builder() {}

        public Builder normal(String name, double standardDeviation, long... shape) {
            return add(name, (index, random) -> (float) (standardDeviation * random.nextGaussian()), shape);
        }

        public Builder zeros(String name, long... shape) {
            return add(name, (index, random) -> 0, shape);
        }

        public Builder values(String name, float[] values, long... shape) {
            float[] copy = values.clone();
            return add(name, (index, random) -> copy[index], shape);
        }

        /** With initial values of any kind. */
        public Builder add(String name, Initial initial, long... shape) {
            if (entries.stream().anyMatch(e -> e.name().equals(name))) {
                throw new IllegalArgumentException("parameter " + name + " is declared twice");
            }
            entries.add(new Entry(name, java.util.Arrays.stream(shape).boxed().toList(), initial));
            return this;
        }

        public ParameterLayout build() {
            return new ParameterLayout(entries);
        }
    }
}
