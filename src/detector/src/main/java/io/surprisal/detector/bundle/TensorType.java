package io.surprisal.detector.bundle;

import io.surprisal.detector.onnx.TensorProto;
import io.surprisal.detector.onnx.TensorShapeProto.Dimension;
import io.surprisal.detector.onnx.TypeProto;
import io.surprisal.detector.onnx.ValueInfoProto;
import io.surprisal.detector.quantise.ImageShape;
import java.util.List;
import java.util.Locale;

/**
 * The declared type of an input or output of a graph.
 *
 * @param elementType a {@link TensorProto.DataType} by number
 * @param dimensions fixed ones have a value, free ones have a name or nothing
 */
record TensorType(int elementType, List<Dimension> dimensions) {

    static TensorType of(ValueInfoProto value) {
        TypeProto.Tensor tensor = value.getType().getTensorType();
        return new TensorType(tensor.getElemType(), tensor.getShape().getDimList());
    }

    boolean matches(TensorProto.DataType type, ImageShape shape) {
        return elementType == type.getNumber()
                && dimensions.size() == 4
                && isFixedAt(shape.channels(), dimensions.get(1))
                && isFreeOr(shape.height(), dimensions.get(2))
                && isFreeOr(shape.width(), dimensions.get(3));
    }

    boolean batchIsFree() {
        return !dimensions.isEmpty() && !dimensions.getFirst().hasDimValue();
    }

    private static boolean isFixedAt(int size, Dimension dimension) {
        return dimension.hasDimValue() && dimension.getDimValue() == size;
    }

    private static boolean isFreeOr(int size, Dimension dimension) {
        return !dimension.hasDimValue() || dimension.getDimValue() == size;
    }

    /** {@code uint8 [N, 1, 28, 28]}, with ? for a dimension that is neither fixed nor named. */
    @Override
    public String toString() {
        TensorProto.DataType type = TensorProto.DataType.forNumber(elementType);
        String name = type == null ? "type " + elementType : type.name().toLowerCase(Locale.ROOT);
        return name + " "
                + dimensions.stream()
                        .map(dimension -> switch (dimension.getValueCase()) {
                            case DIM_VALUE -> String.valueOf(dimension.getDimValue());
                            case DIM_PARAM -> dimension.getDimParam();
                            case VALUE_NOT_SET -> "?";
                        })
                        .toList();
    }
}
