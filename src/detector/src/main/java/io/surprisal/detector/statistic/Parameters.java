package io.surprisal.detector.statistic;

import java.util.List;
import java.util.Map;

/** Reads the fitted numbers of a statistic, and says which is wrong. */
final class Parameters {

    private Parameters() {}

    static double number(String statistic, Map<String, List<Double>> parameters, String name) {
        return array(statistic, parameters, name, 1)[0];
    }

    /** A list of a known length. */
    static double[] array(String statistic, Map<String, List<Double>> parameters, String name, int length) {
        double[] values = array(statistic, parameters, name);
        if (values.length != length) {
            throw new IllegalArgumentException(
                    statistic + ": expected " + length + " numbers in " + name + ", found " + values.length);
        }
        return values;
    }

    static double[] array(String statistic, Map<String, List<Double>> parameters, String name) {
        List<Double> values = parameters.get(name);
        if (values == null) {
            throw new IllegalArgumentException(
                    statistic + ": expected a parameter " + name + ", found " + parameters.keySet());
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
