package io.surprisal.training.density;

import io.surprisal.training.density.Hyperparameter.Added;
import io.surprisal.training.density.Hyperparameter.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a family whose logits mean each dimension by itself lets its user choose: the option {@code --distribution}. */
public enum DistributionChoice {
    /** {@link Categorical}, the usual one. */
    CATEGORICAL,
    /** {@link ReflectedDigits}, for a screen. */
    DIGITS;

    private static final String NAME = "distribution";

    /** For the list of a family; networks that were written before there was a choice are categorical. */
    static final Hyperparameter HYPERPARAMETER = new Added(new Word(
            NAME,
            "of a dimension: categorical, or digits, an eighth of the logits for a screen",
            CATEGORICAL.word(),
            words()));

    /** The choice among values that were read. */
    static DistributionChoice of(Hyperparameters values) {
        return valueOf(values.word(NAME).toUpperCase(Locale.ROOT));
    }

    /** @throws IllegalArgumentException for {@link #DIGITS} and a number of levels that is no product */
    Distribution of(int channels, int levels) {
        return switch (this) {
            case CATEGORICAL -> new Categorical(channels, levels);
            case DIGITS -> new ReflectedDigits(channels, levels);
        };
    }

    /** Adds the choice to a network's hyperparameters, where it says something: what is usual is written as it always was. */
    void write(Map<String, Object> hyperparameters) {
        if (this != CATEGORICAL) {
            hyperparameters.put(NAME, word());
        }
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static List<String> words() {
        return Arrays.stream(values()).map(DistributionChoice::word).toList();
    }
}
