package io.surprisal.training.weights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** Named views of one flat vector. They live as long as the pointer scope they were made in. */
public final class Parameters {
    private final Map<String, Tensor> byName = new HashMap<>();

    Parameters(ParameterLayout layout, Tensor flat) {
        List<ParameterLayout.Entry> entries = layout.entries();
        long[] sizes = entries.stream().mapToLong(ParameterLayout.Entry::size).toArray();
        // One split has one backward node that concatenates; a narrow for each parameter would add up full-length
        // vectors.
        TensorVector parts = flat.split_with_sizes(sizes, 0);
        for (int i = 0; i < entries.size(); i++) {
            ParameterLayout.Entry entry = entries.get(i);
            byName.put(entry.name(), parts.get(i).view(entry.dimensions()));
        }
    }

    public Tensor get(String name) {
        Tensor tensor = byName.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no parameter is named " + name);
        }
        return tensor;
    }
}
