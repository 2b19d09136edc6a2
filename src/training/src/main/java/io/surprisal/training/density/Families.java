package io.surprisal.training.density;

import java.util.List;

/** The families there are. */
public final class Families {
    /** In the order a reader should meet them. */
    public static final List<Family> ALL = List.of(
            GatedPixelCnn.FAMILY,
            PixelCnnPlusPlus.FAMILY,
            ClassConditionalPixelCnn.FAMILY,
            PixelCnn.FAMILY,
            Made.FAMILY,
            RowLstm.FAMILY,
            ImageTransformer.FAMILY,
            RecurrentNetwork.FAMILY);

    private Families() {}

    /**
     * The family of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Family of(String name) {
        return ALL.stream()
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected family " + String.join(" or ", names()) + ", found " + name));
    }

    private static List<String> names() {
        return ALL.stream().map(Family::name).toList();
    }
}
