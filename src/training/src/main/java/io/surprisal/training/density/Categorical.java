package io.surprisal.training.density;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * L free probabilities a dimension: softmax over L logits. The outputs are channel-major, the L logits of the first channel come
 * first.
 *
 * @param channels of the image
 * @param levels L
 */
public record Categorical(int channels, int levels) implements Distribution {

    @Override
    public int outputs() {
        return channels * levels;
    }

    @Override
    public boolean joinsChannels() {
        return false;
    }

    @Override
    public Tensor logProbabilities(Tensor outputs, Tensor scaled) {
        Tensor logits = outputs.toType(ScalarType.Float);
        Tensor byDimension =
                logits.permute(0, 2, 3, 1).reshape(outputs.size(0), outputs.size(2), outputs.size(3), channels, levels);
        return torch.log_softmax(byDimension, -1);
    }

    @Override
    public Tensor observed(Tensor outputs, Tensor levels) {
        Tensor all = logProbabilities(outputs, levels);
        Tensor index = levels.toType(ScalarType.Long).permute(0, 2, 3, 1).unsqueeze(-1);
        return torch.gather(all, -1, index).squeeze(-1).permute(0, 3, 1, 2);
    }
}
