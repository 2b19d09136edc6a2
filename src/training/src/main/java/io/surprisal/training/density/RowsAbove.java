package io.surprisal.training.density;

import io.surprisal.training.weights.Tensors;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * For a network that is evaluated one row of an image after the other: of each convolution that looks up, as many rows of its input as it
 * can see above the current one. So a row costs a row, and not all rows so far (after Ramachandran et al. 2017, "Fast Generation for
 * Convolutional Autoregressive Models", whose caches are by pixel; a row is where libtorch's calls stop being mostly overhead).
 */
final class RowsAbove {
    private final Map<String, float[]> inputs = new HashMap<>();
    private boolean keep;

    /** Runs an evaluation of the current row, when it is final: the next one sees it from above. */
    void keep(Runnable evaluation) {
        keep = true;
        try {
            evaluation.run();
        } finally {
            keep = false;
        }
    }

    /**
     * What a convolution sees, in place of its input padded above.
     *
     * @param x the current row of its input, shape (N, channels, 1, W)
     * @return shape (N, channels, height of the kernel, W)
     */
    Tensor under(Tensor x, Convolution convolution) {
        int top = convolution.padding().top();
        if (top == 0) {
            return x;
        }
        long[] shape = {x.size(0), x.size(1), top, x.size(3)};
        float[] above = inputs.computeIfAbsent(
                convolution.name(), _ -> new float[Math.toIntExact(shape[0] * shape[1] * shape[2] * shape[3])]);
        Tensor all = torch.cat(new TensorVector(Tensors.of(above, shape), x), 2);
        if (keep) {
            inputs.put(convolution.name(), Tensors.toFloats(all.narrow(2, 1, top)));
        }
        return all.narrow(2, 0, convolution.height());
    }
}
