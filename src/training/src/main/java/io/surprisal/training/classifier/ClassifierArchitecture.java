package io.surprisal.training.classifier;

/** What a classifier is made of. There are two, so that images made against the one can be shown to the other. */
public enum ClassifierArchitecture {
    /**
     * Two 3×3 convolutions, each with a ReLU and 2×2 maximum pooling, then two dense layers: the textbook network of LeCun 1998 with
     * today's activations, the kind of model the evasion literature attacks.
     */
    POOLED("conv", 16, 32, 128, 3),
    /**
     * Two 5×5 convolutions with a ReLU, wider and with a stride of two in place of pooling (Springenberg et al., "Striving for Simplicity: The All
     * Convolutional Net", 2015), then two dense layers.
     */
    STRIDED("strided", 24, 48, 96, 5);

    private final String label;
    private final int first;
    private final int second;
    private final int hidden;
    private final int side;

    ClassifierArchitecture(String label, int first, int second, int hidden, int side) {
        this.label = label;
        this.first = first;
        this.second = second;
        this.hidden = hidden;
        this.side = side;
    }

    /** Channels after the first convolution. */
    int first() {
        return first;
    }

    /** Channels after the second. */
    int second() {
        return second;
    }

    /** Width of the first dense layer. */
    int hidden() {
        return hidden;
    }

    /** Of the filters, odd. */
    int side() {
        return side;
    }

    /** What both halvings leave of so many rows or columns: pooling rounds down, a padded stride up. */
    int quarter(int length) {
        return this == POOLED ? length / 4 : (length + 3) / 4;
    }

    String describe(int classes) {
        return "%1$s%2$d-%1$s%3$d-dense%4$d-dense%5$d".formatted(label, first, second, hidden, classes);
    }
}
