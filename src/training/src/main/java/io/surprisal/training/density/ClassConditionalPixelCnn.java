package io.surprisal.training.density;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.training.density.Hyperparameter.Whole;
import io.surprisal.training.weights.ParameterLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The class-conditional gated PixelCNN (van den Oord et al. 2016b, "Conditional Image Generation with PixelCNN Decoders",
 * arXiv:1606.05328, section 2.3, eq. 4): p(x | k), where the class adds a vector of its own to the gates of every layer of a {@link
 * GatedPixelCnn}. It is trained on labelled images and draws images of a class.
 *
 * <p>Who is served has no label. This network is therefore the mixture p(x) = Σ p(x | k) / K, and exactly so: its conditionals are
 * those of the classes, p(x_i | x_&lt;i) = Σ w_k p(x_i | x_&lt;i, k), weighted by the posterior of the class given what came before,
 * w_k ∝ p(x_&lt;i | k), which is a cumulative sum of log-likelihoods. The price is K evaluations an image.
 *
 * <p>Deviations: those of {@link GatedPixelCnn}; classes are equally likely beforehand.
 */
public final class ClassConditionalPixelCnn implements AutoregressiveNetwork {
    /** The family, with the sizes to start from. */
    public static final Family FAMILY = new Family("class-conditional-pixelcnn", sizes(), ClassConditionalPixelCnn::of);

    private final GatedPixelCnn conditional;
    private final GatedPixelCnnSettings settings;
    private final int classes;

    public ClassConditionalPixelCnn(ImageShape shape, int levels, GatedPixelCnnSettings settings, int classes) {
        this(new GatedPixelCnn(shape, levels, categorical(settings), atLeastTwo(classes)), settings, classes);
    }

    private ClassConditionalPixelCnn(GatedPixelCnn conditional, GatedPixelCnnSettings settings, int classes) {
        this.conditional = conditional;
        this.settings = settings;
        this.classes = classes;
    }

    private static List<Hyperparameter> sizes() {
        List<Hyperparameter> all = new ArrayList<>(GatedPixelCnn.SIZES);
        all.add(new Whole("classes", "labels of the data, 0 to one less", 10));
        return List.copyOf(all);
    }

    private static AutoregressiveNetwork of(ImageShape shape, int levels, Hyperparameters values) {
        return new ClassConditionalPixelCnn(shape, levels, GatedPixelCnnSettings.of(values), values.whole("classes"));
    }

    /** A mixture of products of digits is no such product. */
    private static GatedPixelCnnSettings categorical(GatedPixelCnnSettings settings) {
        if (settings.distribution() != DistributionChoice.CATEGORICAL) {
            throw new IllegalArgumentException(
                    "expected a categorical distribution, which a mixture over classes has, found "
                            + settings.distribution());
        }
        return settings;
    }

    private static int atLeastTwo(int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("expected at least 2 classes, found " + classes);
        }
        return classes;
    }

    public int classes() {
        return classes;
    }

    /**
     * The network of images whose classes are known, with the same parameters.
     *
     * @param labels one for each image of a batch, or one for all
     */
    public AutoregressiveNetwork given(int... labels) {
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException("expected labels below " + classes + ", found " + label);
            }
        }
        return new Given(conditional, labels);
    }

    @Override
    public AutoregressiveNetwork trainedAt(long step, int @Nullable [] labels) {
        if (labels == null) {
            throw new IllegalArgumentException(
                    "family " + family() + " is trained on labelled images, found none with labels");
        }
        return given(labels);
    }

    @Override
    public Distribution distribution() {
        return conditional.distribution();
    }

    /** Log-probabilities of the mixture, which are logits too. */
    @Override
    public <T> T outputs(Operations<T> ops, T image) {
        ImageShape s = shape();
        int d = s.dimensions();
        T scaled = ops.reshape(ops.permute(image, 0, 2, 3, 1), d);
        List<T> ofClasses = new ArrayList<>();
        List<T> observed = new ArrayList<>();
        List<T> posteriors = new ArrayList<>();
        for (int k = 0; k < classes; k++) {
            T logits = ops.permute(given(k).outputs(ops, image), 0, 2, 3, 1);
            T logP = ops.logSoftmax(ops.reshape(logits, d, levels()));
            ofClasses.add(logP);
            observed.add(ops.atLevel(logP, scaled, levels()));
            // Against the first class: likelihoods of thousands of nats would leave float32 no digits for what tells
            // classes apart.
            T lead = ops.add(observed.get(k), ops.multiply(observed.getFirst(), ops.constant(-1)));
            posteriors.add(ops.reshape(ops.sumBefore(lead), d, 1));
        }
        T weights = ops.logSoftmax(ops.concatenate(posteriors, 2));
        List<T> joint = new ArrayList<>();
        for (int k = 0; k < classes; k++) {
            joint.add(ops.reshape(ops.add(ofClasses.get(k), ops.slice(weights, 2, k, k + 1L)), d, levels(), 1));
        }
        T mixed = ops.logSumExp(ops.concatenate(joint, 3));
        T perPixel = ops.reshape(mixed, s.height(), s.width(), (long) s.channels() * levels());
        return ops.permute(perPixel, 0, 3, 1, 2);
    }

    @Override
    public ParameterLayout parameters() {
        return conditional.parameters();
    }

    @Override
    public AutoregressiveNetwork top(int rows) {
        return new ClassConditionalPixelCnn(conditional.top(rows), settings, classes);
    }

    @Override
    public String family() {
        return FAMILY.name();
    }

    @Override
    public ImageShape shape() {
        return conditional.shape();
    }

    @Override
    public int levels() {
        return conditional.levels();
    }

    @Override
    public Map<String, Object> hyperparameters() {
        Map<String, Object> values = new LinkedHashMap<>(conditional.hyperparameters());
        values.put("classes", classes);
        return values;
    }

    /** p(x | k) for images whose class is known. */
    private record Given(GatedPixelCnn conditional, int[] labels) implements AutoregressiveNetwork {

        @Override
        public <T> T outputs(Operations<T> ops, T image) {
            float[] oneHot = new float[labels.length * conditional.classes()];
            for (int i = 0; i < labels.length; i++) {
                oneHot[i * conditional.classes() + labels[i]] = 1;
            }
            return conditional.outputs(ops, image, ops.constants(oneHot, labels.length, conditional.classes(), 1, 1));
        }

        @Override
        public AutoregressiveNetwork top(int rows) {
            return new Given(conditional.top(rows), labels);
        }

        @Override
        public boolean rowByRow() {
            return true;
        }

        @Override
        public String family() {
            return FAMILY.name();
        }

        @Override
        public ImageShape shape() {
            return conditional.shape();
        }

        @Override
        public int levels() {
            return conditional.levels();
        }

        @Override
        public Map<String, Object> hyperparameters() {
            return conditional.hyperparameters();
        }

        @Override
        public ParameterLayout parameters() {
            return conditional.parameters();
        }

        @Override
        public Distribution distribution() {
            return conditional.distribution();
        }
    }
}
