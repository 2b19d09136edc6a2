package io.surprisal.service.oip;

import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.detector.verdict.Assessment;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.score.Examined;
import io.surprisal.service.score.InvalidRequestException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The outputs a model here has. */
enum Output {
    /** True where the image should not reach the classifier. */
    FLAGGED("flagged", "BOOL", examined -> booleans(examined, Verdict::flagged)),
    /** Of the deciding statistic: the share of held-out clean images at least this extreme. */
    P_VALUE(
            "p_value",
            "FP64",
            examined -> doubles(
                    examined, assessment -> assessment.decisive().pValue().value())),
    /** −log2 p(x) / D. */
    BITS_PER_DIMENSION(
            "bits_per_dimension",
            "FP64",
            examined ->
                    doubles(examined, assessment -> assessment.logLikelihood().bitsPerDimension())),
    /** ln p(x), nats. */
    LOG_LIKELIHOOD(
            "log_likelihood",
            "FP64",
            examined ->
                    doubles(examined, assessment -> assessment.logLikelihood().nats())),
    /** True where a screen was sure of the image and the model was not asked; only of models that have a screen. */
    SCREENED(
            "screened",
            "BOOL",
            examined -> booleans(examined, verdict -> verdict.assessment().screened())),
    /** ln p(x_i | x_&lt;i), nats. */
    LOG_PROB(
            "log_prob",
            "FP32",
            examined -> new Elements.Floats(examined.conditionals().logProb()));

    private final String tensorName;
    private final String datatype;
    private final Function<Examined, Elements> elements;

    Output(String tensorName, String datatype, Function<Examined, Elements> elements) {
        this.tensorName = tensorName;
        this.datatype = datatype;
        this.elements = elements;
    }

    String tensorName() {
        return tensorName;
    }

    String datatype() {
        return datatype;
    }

    /** The shape for so many images, −1 for any number. */
    List<Long> shape(long images, ImageShape image) {
        return this == LOG_PROB
                ? List.of(images, (long) image.channels(), (long) image.height(), (long) image.width())
                : List.of(images);
    }

    OutputTensor of(Examined examined) {
        ImageShape image = examined.model().manifest().shape();
        return new OutputTensor(tensorName, shape(examined.verdicts().size(), image), elements.apply(examined));
    }

    /** Those that a model has, with a screen before it or without. */
    static List<Output> of(boolean hasScreen) {
        return Arrays.stream(values())
                .filter(output -> output != SCREENED || hasScreen)
                .toList();
    }

    /**
     * Those asked for, in that order. {@code log_prob} has to be asked for: it is four bytes for each dimension of each image, where all
     * others are one number an image.
     *
     * @throws InvalidRequestException when the model has none of a name
     */
    static List<Output> requested(List<RequestedOutput> requested, boolean hasScreen) {
        List<Output> all = of(hasScreen);
        return requested.isEmpty()
                ? all.stream().filter(output -> output != LOG_PROB).toList()
                : requested.stream()
                        .map(output -> named(output.name(), all))
                        .distinct()
                        .toList();
    }

    private static Output named(String name, List<Output> all) {
        return all.stream()
                .filter(output -> output.tensorName.equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("expected outputs out of %s, got '%s'"
                        .formatted(all.stream().map(Output::tensorName).toList(), name)));
    }

    private static Elements booleans(Examined examined, Predicate<Verdict> value) {
        boolean[] values = new boolean[examined.verdicts().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.test(examined.verdicts().get(i));
        }
        return new Elements.Booleans(values);
    }

    private static Elements doubles(Examined examined, ToDoubleFunction<Assessment> value) {
        return new Elements.Doubles(examined.verdicts().stream()
                .map(Verdict::assessment)
                .mapToDouble(value)
                .toArray());
    }
}
