package io.surprisal.detector;

import com.google.protobuf.ByteString;
import io.surprisal.detector.onnx.AttributeProto;
import io.surprisal.detector.onnx.GraphProto;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.NodeProto;
import io.surprisal.detector.onnx.OperatorSetIdProto;
import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.onnx.TensorShapeProto;
import io.surprisal.detector.onnx.TypeProto;
import io.surprisal.detector.onnx.ValueInfoProto;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.quantise.Levels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * A density with a closed form: a first-order Markov chain over the dimensions in raster order, channels innermost. The
 * first value is uniform, and p(b | a) = exp(−κ·|a − b|) / Z(a). As an ONNX model it is four table look-ups, with all
 * four outputs of the contract.
 *
 * @param stickiness κ, above 0: how much neighbours resemble each other
 */
public record TinyModel(ImageShape shape, int levels, double stickiness) {

    private static final int OPSET = 17;

    /** ln p(x | previous); {@code previous} is {@link #levels()} before the first dimension. */
    public double logProb(int previous, int x) {
        if (previous == levels) {
            return -Math.log(levels);
        }
        // Z(a) = Σ_b r^|a−b| with r = exp(−κ): one geometric series on each side of a.
        double r = Math.exp(-stickiness);
        double normaliser = 1 + (2 * r - Math.pow(r, previous + 1) - Math.pow(r, levels - previous)) / (1 - r);
        return -stickiness * Math.abs(previous - x) - Math.log(normaliser);
    }

    /** −Σ p ln p of the conditional after {@code previous}. */
    public double entropy(int previous) {
        double sum = 0;
        for (int x = 0; x < levels; x++) {
            sum -= Math.exp(logProb(previous, x)) * logProb(previous, x);
        }
        return sum;
    }

    /** Σ p (−ln p − H)² of the conditional after {@code previous}. */
    public double surprisalVariance(int previous) {
        double entropy = entropy(previous);
        double sum = 0;
        for (int x = 0; x < levels; x++) {
            double excess = -logProb(previous, x) - entropy;
            sum += Math.exp(logProb(previous, x)) * excess * excess;
        }
        return sum;
    }

    /** P(X &lt; x) + ½ P(X = x) after {@code previous}. */
    public double cdf(int previous, int x) {
        double sum = Math.exp(logProb(previous, x)) / 2;
        for (int b = 0; b < x; b++) {
            sum += Math.exp(logProb(previous, b));
        }
        return sum;
    }

    /**
     * The level before each dimension of an image, D values in NCHW positions; {@link #levels()} for the very first.
     */
    public int[] previous(Levels images, int image) {
        int dimensions = shape.dimensions();
        int[] previous = new int[dimensions];
        int last = levels;
        for (int step = 0; step < dimensions; step++) {
            int at = position(step);
            previous[at] = last;
            last = Byte.toUnsignedInt(images.data()[image * dimensions + at]);
        }
        return previous;
    }

    /** ln p(image) in double, from the closed form. */
    public double nats(Levels images, int image) {
        int[] previous = previous(images, image);
        double nats = 0;
        for (int i = 0; i < previous.length; i++) {
            nats += logProb(previous[i], Byte.toUnsignedInt(images.data()[image * previous.length + i]));
        }
        return nats;
    }

    /** Images drawn from the model. */
    public Levels sample(int count, long seed) {
        RandomGenerator random = new Random(seed);
        int dimensions = shape.dimensions();
        byte[] data = new byte[count * dimensions];
        for (int image = 0; image < count; image++) {
            int previous = levels;
            for (int step = 0; step < dimensions; step++) {
                previous = draw(previous, random.nextDouble());
                data[image * dimensions + position(step)] = (byte) previous;
            }
        }
        return Levels.of(shape, levels, count, data);
    }

    /** Images of independent, uniform levels: far more surprising than any sample. */
    public Levels noise(int count, long seed) {
        Random random = new Random(seed);
        byte[] data = new byte[count * shape.dimensions()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) random.nextInt(levels);
        }
        return Levels.of(shape, levels, count, data);
    }

    /** Where in C, H, W the given step of the chain is. */
    public int position(int step) {
        int area = shape.height() * shape.width();
        return step % shape.channels() * area + step / shape.channels();
    }

    private int draw(int previous, double uniform) {
        double sum = 0;
        for (int x = 0; x < levels - 1; x++) {
            sum += Math.exp(logProb(previous, x));
            if (uniform < sum) {
                return x;
            }
        }
        return levels - 1;
    }

    /** The ONNX file. */
    public ModelProto onnx() {
        int states = levels + 1;
        float[] logProb = new float[states * levels];
        float[] cdf = new float[states * levels];
        float[] entropy = new float[states];
        float[] variance = new float[states];
        for (int a = 0; a < states; a++) {
            entropy[a] = (float) entropy(a);
            variance[a] = (float) surprisalVariance(a);
            double below = 0;
            for (int x = 0; x < levels; x++) {
                double probability = Math.exp(logProb(a, x));
                logProb[a * levels + x] = (float) logProb(a, x);
                cdf[a * levels + x] = (float) (below + probability / 2);
                below += probability;
            }
        }
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("tiny")
                .addInput(value("image", TensorProto.DataType.UINT8))
                .addNode(node("Transpose", "nhwc", "image").addAttribute(ints("perm", 0, 2, 3, 1)))
                .addNode(node("Cast", "integers", "nhwc")
                        .addAttribute(integer("to", TensorProto.DataType.INT64.getNumber())))
                .addInitializer(int64("flat", 0, -1))
                .addNode(node("Reshape", "x", "integers", "flat"))
                .addInitializer(int64("zero", 0))
                .addInitializer(int64("one", 1))
                .addInitializer(int64("last", shape.dimensions() - 1))
                .addInitializer(int64("levels", levels))
                .addNode(node("Slice", "head", "x", "zero", "last", "one"))
                .addNode(node("Slice", "first", "x", "zero", "one", "one"))
                .addNode(node("Mul", "nothing", "first", "zero"))
                .addNode(node("Add", "start", "nothing", "levels"))
                .addNode(node("Concat", "previous", "start", "head").addAttribute(integer("axis", 1)))
                .addNode(node("Mul", "row", "previous", "levels"))
                .addNode(node("Add", "cell", "row", "x"))
                .addInitializer(int64("unflat", 0, shape.height(), shape.width(), shape.channels()));
        output(graph, "log_prob", logProb, "cell");
        output(graph, "entropy", entropy, "previous");
        output(graph, "surprisal_variance", variance, "previous");
        output(graph, "cdf", cdf, "cell");
        return ModelProto.newBuilder()
                .setIrVersion(9)
                .setProducerName("surprisal-tests")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph)
                .build();
    }

    private void output(GraphProto.Builder graph, String name, float[] table, String index) {
        graph.addInitializer(float32(name + "_table", table))
                .addNode(node("Gather", name + "_flat", name + "_table", index))
                .addNode(node("Reshape", name + "_nhwc", name + "_flat", "unflat"))
                .addNode(node("Transpose", name, name + "_nhwc").addAttribute(ints("perm", 0, 3, 1, 2)))
                .addOutput(value(name, TensorProto.DataType.FLOAT));
    }

    private ValueInfoProto value(String name, TensorProto.DataType type) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        for (int size : List.of(shape.channels(), shape.height(), shape.width())) {
            dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(dimensions)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static AttributeProto ints(String name, long... values) {
        List<Long> list = new ArrayList<>();
        for (long value : values) {
            list.add(value);
        }
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(list)
                .build();
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static TensorProto int64(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return tensor.build();
    }

    private static TensorProto float32(String name, float[] values) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            raw.putFloat(value);
        }
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addDims(values.length)
                .setRawData(ByteString.copyFrom(raw.flip()))
                .build();
    }
}
