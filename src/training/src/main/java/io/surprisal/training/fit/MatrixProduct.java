package io.surprisal.training.fit;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The most that one core can do in float32: a large matrix product by libtorch, which is what libraries are tuned for. */
public final class MatrixProduct {
    private static final int SIZE = 1024;

    private MatrixProduct() {}

    /** Multiplications a second of one thread, the best of the products that fit into so many seconds; each goes with one addition. */
    public static double multiplicationsPerSecond(double seconds) {
        torch.set_num_threads(1);
        long since = System.nanoTime();
        double best = 0;
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGradients = new NoGradGuard()) {
            Tensor a = torch.randn(SIZE, SIZE);
            Tensor b = torch.randn(SIZE, SIZE);
            Tensor product = torch.empty(SIZE, SIZE);
            do {
                long begun = System.nanoTime();
                torch.mm_out(product, a, b);
                best = Math.max(best, (double) SIZE * SIZE * SIZE / ((System.nanoTime() - begun) * 1e-9));
            } while ((System.nanoTime() - since) * 1e-9 < seconds);
        }
        return best;
    }
}
