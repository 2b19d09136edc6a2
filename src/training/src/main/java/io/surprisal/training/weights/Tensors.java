package io.surprisal.training.weights;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Java arrays to libtorch tensors and back. Every tensor made here owns its memory. */
public final class Tensors {
    private Tensors() {}

    /** A float tensor of the given shape with a copy of {@code values}, row by row. */
    public static Tensor of(float[] values, long... shape) {
        return torch.from_blob(new FloatPointer(values), shape).clone();
    }

    /** A uint8 tensor of the given shape with a copy of {@code values}, row by row. */
    public static Tensor ofBytes(byte[] values, long... shape) {
        return torch.from_blob(new BytePointer(values), shape, new TensorOptions(ScalarType.Byte))
                .clone();
    }

    /** The values of a float tensor, row by row. */
    public static float[] toFloats(Tensor tensor) {
        Tensor dense = tensor.detach().contiguous();
        float[] values = new float[Math.toIntExact(dense.numel())];
        FloatBuffer buffer = dense.<FloatBuffer>createBuffer();
        buffer.get(values);
        return values;
    }
}
