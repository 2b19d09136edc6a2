package io.surprisal.training.density;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One choice a {@link Family} leaves to its user: a member of {@code hyperparameters} in {@code bundle.json}, and an option of
 * {@code ./surprisal train}. Families that share a name share the option, so they must mean the same by it.
 */
public sealed interface Hyperparameter {

    /** Lower-case letters, words joined by a hyphen; the option is {@code --name}. */
    String name();

    /** What it is, for the help text. */
    String description();

    /** The value when nothing is said. */
    Object usual();

    /**
     * Reads a value of the command line.
     *
     * @throws IllegalArgumentException when the text is no such value
     */
    Object parse(String text);

    /**
     * Reads a value of {@code bundle.json} or of a weights file.
     *
     * @throws IllegalArgumentException when it is missing or of another type
     */
    Object read(JsonNode node);

    /** An integer. */
    record Whole(String name, String description, Integer usual) implements Hyperparameter {
        @Override
        public Integer parse(String text) {
            try {
                return Integer.valueOf(text.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(expected(this, "an integer", text), e);
            }
        }

        @Override
        public Integer read(JsonNode node) {
            if (!node.isInt()) {
                throw new IllegalArgumentException(expected(this, "an integer", node.toString()));
            }
            return node.asInt();
        }
    }

    /** A list of integers, written with commas on the command line. */
    record Wholes(String name, String description, List<Integer> usual) implements Hyperparameter {
        public Wholes {
            usual = List.copyOf(usual);
        }

        @Override
        public List<Integer> parse(String text) {
            try {
                return Arrays.stream(text.split(",", -1))
                        .map(part -> Integer.valueOf(part.strip()))
                        .toList();
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(expected(this, "integers with commas between", text), e);
            }
        }

        @Override
        public List<Integer> read(JsonNode node) {
            List<Integer> values = new ArrayList<>();
            for (JsonNode element : node) {
                if (!element.isInt()) {
                    throw new IllegalArgumentException(expected(this, "a list of integers", node.toString()));
                }
                values.add(element.asInt());
            }
            if (!node.isArray()) {
                throw new IllegalArgumentException(expected(this, "a list of integers", node.toString()));
            }
            return List.copyOf(values);
        }
    }

    /** One of a few words. */
    record Word(String name, String description, String usual, List<String> choices) implements Hyperparameter {
        public Word {
            choices = List.copyOf(choices);
            if (!choices.contains(usual)) {
                throw new IllegalArgumentException(name + ": " + usual + " is none of " + choices);
            }
        }

        @Override
        public String parse(String text) {
            if (!choices.contains(text)) {
                throw new IllegalArgumentException(expected(this, "one of " + choices, text));
            }
            return text;
        }

        @Override
        public String read(JsonNode node) {
            return parse(node.asText());
        }
    }

    /** One that came to its family later: what was written before it was there is read with the usual value. */
    record Added(Hyperparameter hyperparameter) implements Hyperparameter {
        @Override
        public String name() {
            return hyperparameter.name();
        }

        @Override
        public String description() {
            return hyperparameter.description();
        }

        @Override
        public Object usual() {
            return hyperparameter.usual();
        }

        @Override
        public Object parse(String text) {
            return hyperparameter.parse(text);
        }

        @Override
        public Object read(JsonNode node) {
            return node.isMissingNode() ? usual() : hyperparameter.read(node);
        }
    }

    private static String expected(Hyperparameter hyperparameter, String type, String found) {
        return "expected hyperparameter " + hyperparameter.name() + " to be " + type + ", found " + found;
    }
}
