package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the multiplications of a network's layers for one image: a third reading of {@link Operations}, of shapes alone. Masked weights
 * count, since they are multiplied too; what is done to each number by itself, and the distribution behind the outputs, does not.
 */
public final class Multiplications implements Operations<long[]> {
    private long count;

    private Multiplications() {}

    /** The multiplications that {@code network} does for an image; each goes with one addition. */
    public static long of(AutoregressiveNetwork network) {
        Multiplications counted = new Multiplications();
        ImageShape shape = network.shape();
        network.outputs(counted, new long[] {1, shape.channels(), shape.height(), shape.width()});
        return counted.count;
    }

    @Override
    public long[] convolve(long[] x, Convolution c) {
        return convolve(x, c, 1);
    }

    @Override
    public long[] halve(long[] x, Convolution c) {
        return convolve(x, c, 2);
    }

    private long[] convolve(long[] x, Convolution c, int stride) {
        long rows = x[2] + c.padding().top() - (c.height() - 1);
        long columns = x[3] + c.padding().left() + c.padding().right() - (long) c.dilation() * (c.width() - 1);
        long[] y = {x[0], c.out(), Math.ceilDiv(rows, stride), Math.ceilDiv(columns, stride)};
        count += size(y) * (c.in() / c.groups()) * c.height() * c.width();
        return y;
    }

    @Override
    public long[] enlarge(long[] x, Convolution c, long[] like) {
        convolve(x, c);
        return new long[] {x[0], c.out() / 4, like[2], like[3]};
    }

    @Override
    public long[] gate(long[] x, Convolution c) {
        long[] y = convolve(x, c);
        return new long[] {y[0], y[1] / 2, y[2], y[3]};
    }

    @Override
    public long[] gate(long[] x, Convolution c, long[] y, Convolution d) {
        gate(y, d);
        return gate(x, c);
    }

    @Override
    public long[] gate(long[] x, Convolution c, long[] y, Convolution d, long[] z, Convolution e) {
        gate(z, e);
        return gate(x, c, y, d);
    }

    @Override
    public long[] linearGate(long[] x, Convolution c) {
        return gate(x, c);
    }

    @Override
    public long[] linearGate(long[] x, Convolution c, long[] y, Convolution d) {
        return gate(x, c, y, d);
    }

    @Override
    public long[] add(long[] x, long[] y) {
        return broadcast(x, y);
    }

    @Override
    public long[] multiply(long[] x, long[] y) {
        return broadcast(x, y);
    }

    @Override
    public long[] relu(long[] x) {
        return x;
    }

    @Override
    public long[] sigmoid(long[] x) {
        return x;
    }

    @Override
    public long[] tanh(long[] x) {
        return x;
    }

    @Override
    public long[] dropLastRow(long[] x) {
        return with(x, 2, x[2] - 1);
    }

    @Override
    public long[] dropLastColumn(long[] x) {
        return with(x, 3, x[3] - 1);
    }

    @Override
    public long[] linear(long[] x, Linear layer) {
        long[] y = with(x, x.length - 1, layer.out());
        count += size(y) * layer.in();
        return y;
    }

    @Override
    public long[] parameter(String name, long... shape) {
        return behindN(shape);
    }

    @Override
    public long[] constant(float value) {
        return new long[0];
    }

    @Override
    public long[] constants(float[] values, long... shape) {
        return shape;
    }

    @Override
    public long[] normalise(long[] x, Normalisation layer) {
        return x;
    }

    @Override
    public long[] attend(long[] query, long[] key, long[] value, long steps, long width) {
        count += 2 * size(query) * steps;
        return value;
    }

    @Override
    public long[] recur(long[] x, Recurrence layer) {
        long hidden = layer.hidden();
        count += x[0] * x[1] * layer.cell().gates() * hidden * (layer.in() + hidden);
        return with(x, 2, hidden);
    }

    @Override
    public long[] shift(long[] x) {
        return x;
    }

    @Override
    public long[] reshape(long[] x, long... shape) {
        long[] y = behindN(shape);
        for (int axis = 1; axis < y.length; axis++) {
            if (y[axis] < 0) { // what is left
                y[axis] = 1;
                y[axis] = size(x) / size(y);
            }
        }
        return y;
    }

    @Override
    public long[] permute(long[] x, long... axes) {
        return Arrays.stream(axes).map(axis -> x[(int) axis]).toArray();
    }

    @Override
    public long[] slice(long[] x, int axis, long from, long to) {
        return with(x, axis, (to < 0 ? x[axis] + to : Math.min(to, x[axis])) - from);
    }

    @Override
    public long[] concatenate(List<long[]> parts, int axis) {
        return with(
                parts.getFirst(),
                axis,
                parts.stream().mapToLong(part -> part[axis]).sum());
    }

    @Override
    public long[] logSoftmax(long[] x) {
        return x;
    }

    @Override
    public long[] logSumExp(long[] x) {
        return Arrays.copyOf(x, x.length - 1);
    }

    @Override
    public long[] sumBefore(long[] x) {
        return x;
    }

    @Override
    public long[] atLevel(long[] x, long[] scaled, int levels) {
        return Arrays.copyOf(x, x.length - 1);
    }

    private static long size(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private static long[] with(long[] shape, int axis, long length) {
        long[] changed = shape.clone();
        changed[axis] = length;
        return changed;
    }

    private static long[] behindN(long[] shape) {
        long[] whole = new long[shape.length + 1];
        whole[0] = 1;
        System.arraycopy(shape, 0, whole, 1, shape.length);
        return whole;
    }

    private static long[] broadcast(long[] x, long[] y) {
        long[] longer = x.length >= y.length ? x : y;
        long[] shorter = longer == x ? y : x;
        long[] both = longer.clone();
        for (int back = 1; back <= shorter.length; back++) {
            both[both.length - back] = Math.max(both[both.length - back], shorter[shorter.length - back]);
        }
        return both;
    }
}
