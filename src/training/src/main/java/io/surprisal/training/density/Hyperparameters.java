package io.surprisal.training.density;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A value of its type for each hyperparameter a family declares, in the order it declares them. Immutable.
 *
 * @param byName what {@code bundle.json} says of them
 */
public record Hyperparameters(Map<String, Object> byName) {

    public Hyperparameters {
        byName = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /**
     * From a JSON object.
     *
     * @throws IllegalArgumentException when one is missing or of another type
     */
    static Hyperparameters read(List<Hyperparameter> declared, JsonNode object) {
        return of(declared, h -> h.read(object.path(h.name())));
    }

    /**
     * From the texts of the command line; the usual value where there is none.
     *
     * @throws IllegalArgumentException when a text is no value of its hyperparameter
     */
    static Hyperparameters parse(List<Hyperparameter> declared, Map<String, String> texts) {
        return of(declared, h -> {
            String text = texts.get(h.name());
            return text == null ? h.usual() : h.parse(text);
        });
    }

    private static Hyperparameters of(List<Hyperparameter> declared, Function<Hyperparameter, Object> value) {
        Map<String, Object> values = new LinkedHashMap<>();
        declared.forEach(h -> values.put(h.name(), value.apply(h)));
        return new Hyperparameters(values);
    }

    public int whole(String name) {
        return (Integer) value(name);
    }

    public List<Integer> wholes(String name) {
        return ((List<?>) value(name)).stream().map(Integer.class::cast).toList();
    }

    public String word(String name) {
        return (String) value(name);
    }

    private Object value(String name) {
        Object value = byName.get(name);
        if (value == null) {
            throw new IllegalArgumentException("hyperparameter " + name + " is not declared");
        }
        return value;
    }
}
