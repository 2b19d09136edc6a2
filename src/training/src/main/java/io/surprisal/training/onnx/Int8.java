package io.surprisal.training.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import io.surprisal.detector.density.OnnxDensityModel;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.onnx.ModelProto;
import io.surprisal.detector.onnx.StringStringEntryProto;
import io.surprisal.detector.quantise.Levels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * A model with convolutions in int8 instead of float32 (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", without the training). It is another density, as exact as the first: its conditionals are
 * normalised after the last convolution, whatever came before. So everything that is measured on a model, thresholds above all, has to be
 * measured on this one.
 *
 * <p>Which convolutions: each is tried alone, and how far that shifts the likelihood is its error. In the order of their errors as many are
 * taken as keep the shift of all together within {@value #BITS_PER_DIMENSION} bits a dimension. What remains in float32 is what sees the
 * pixels' exact values and, in some families, what gives the logits, without a rule that says so for each.
 *
 * @param model the bytes of the ONNX file
 * @param quantised how many convolutions are in int8
 * @param convolutions of how many
 * @param shift from the float32 model, on images that chose neither scales nor convolutions
 */
@SuppressWarnings("ArrayRecordComponent") // a file, handed on
public record Int8(byte[] model, int quantised, int convolutions, LikelihoodShift shift) {
    /** Shift that is allowed when convolutions are chosen, a root mean square over images. */
    static final double BITS_PER_DIMENSION = 0.005;

    /** The most that is not refused on the images that chose nothing: images of one data set do not differ four times. */
    static final double REFUSED_BITS_PER_DIMENSION = 0.02;

    private static final int TRIED_IMAGES = 16;

    /** What a convolution alone does, nats an image. */
    private record Error(QuantisableConvolution convolution, double nats) {}

    /**
     * Quantises a model.
     *
     * @param model a float32 model as {@link OnnxExport} writes it
     * @param images at least three, none of which calibrates thresholds: a half to observe ranges, a few of the others to try convolutions
     *     and the rest to measure the shift
     * @param progress told how far it is, 0..1
     * @throws ExportRefusedException when nothing can be quantised, or the shift is more than {@value #REFUSED_BITS_PER_DIMENSION} bits a
     *     dimension
     */
    public static Int8 of(byte[] model, Levels images, DoubleConsumer progress) {
        if (images.count() < 3) {
            throw new ExportRefusedException("int8: expected at least 3 validation images, found " + images.count());
        }
        int half = images.count() / 2;
        int tried = Math.min(TRIED_IMAGES, (images.count() - half) / 2);
        IntegerGraph graph = IntegerGraph.of(parse(model), images.slice(0, half));
        if (graph.convolutions().isEmpty()) {
            throw new ExportRefusedException(
                    "int8: expected a model with convolutions, found none: of this family only fp32 can be exported");
        }
        List<QuantisableConvolution> chosen = choose(graph, model, images.slice(half, half + tried), progress);
        if (chosen.isEmpty()) {
            throw new ExportRefusedException(
                    "int8: expected a convolution that shifts the likelihood by less than %s bits a dimension, found none"
                            .formatted(BITS_PER_DIMENSION));
        }
        byte[] quantised = named(graph.with(chosen)).toByteArray();
        Levels others = images.slice(half + tried, images.count());
        LikelihoodShift shift = LikelihoodShift.between(nats(model, others), nats(quantised, others));
        double allowed = nats(REFUSED_BITS_PER_DIMENSION, images);
        if (!(shift.rootMeanSquareNats() <= allowed)) {
            throw new ExportRefusedException("int8: expected a shift of at most %.3f nats an image, found %.3f"
                    .formatted(allowed, shift.rootMeanSquareNats()));
        }
        return new Int8(quantised, chosen.size(), graph.convolutions().size(), shift);
    }

    /** The first so many in the order of their errors; how many, by bisection. */
    private static List<QuantisableConvolution> choose(
            IntegerGraph graph, byte[] model, Levels images, DoubleConsumer progress) {
        List<Double> before = nats(model, images);
        List<Error> errors = new ArrayList<>();
        for (QuantisableConvolution convolution : graph.convolutions()) {
            double error = shift(before, graph, List.of(convolution), images);
            errors.add(new Error(convolution, error));
            progress.accept(errors.size() / (double) graph.convolutions().size());
        }
        List<QuantisableConvolution> ordered = errors.stream()
                .sorted(Comparator.comparingDouble(Error::nats))
                .map(Error::convolution)
                .toList();
        double allowed = nats(BITS_PER_DIMENSION, images);
        int few = 0; // within what is allowed
        int many = ordered.size() + 1; // not, or more than there are
        while (many - few > 1) {
            int tried = (few + many) / 2;
            if (shift(before, graph, ordered.subList(0, tried), images) <= allowed) {
                few = tried;
            } else {
                many = tried;
            }
        }
        return ordered.subList(0, few);
    }

    private static double shift(
            List<Double> before, IntegerGraph graph, List<QuantisableConvolution> chosen, Levels images) {
        return LikelihoodShift.between(before, nats(graph.with(chosen).toByteArray(), images))
                .rootMeanSquareNats();
    }

    /** Of an image, for so many bits a dimension. */
    private static double nats(double bitsPerDimension, Levels images) {
        return bitsPerDimension * images.shape().dimensions() * Math.log(2);
    }

    private static List<Double> nats(byte[] model, Levels images) {
        try (OnnxDensityModel density =
                OnnxDensityModel.of(model, images.shape(), images.levels(), SessionSettings.defaults())) {
            return LikelihoodShift.nats(density, images);
        }
    }

    private static ModelProto parse(byte[] model) {
        try {
            return ModelProto.parseFrom(model);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("expected an ONNX file, found a fault: " + e.getMessage(), e);
        }
    }

    /** A stray file says that it is not the float32 model. */
    private static ModelProto named(ModelProto model) {
        return model.toBuilder()
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("precision").setValue("int8"))
                .build();
    }
}
