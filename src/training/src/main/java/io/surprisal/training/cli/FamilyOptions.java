package io.surprisal.training.cli;

import io.surprisal.training.density.Families;
import io.surprisal.training.density.Family;
import io.surprisal.training.density.Hyperparameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * An option of {@code train} for every hyperparameter of every family, made from what the families declare: a new family needs no
 * change here. Which of them a family has, and what their texts mean, is for {@link Family#parse} to say.
 */
final class FamilyOptions implements IModelTransformer {

    @Override
    public CommandSpec transform(CommandSpec command) {
        Map<String, StringBuilder> descriptions = new LinkedHashMap<>();
        for (Family family : Families.ALL) {
            for (Hyperparameter h : family.hyperparameters()) {
                descriptions
                        .computeIfAbsent(h.name(), name -> new StringBuilder())
                        .append("%s: %s (default %s)%%n".formatted(family.name(), h.description(), text(h.usual())));
            }
        }
        descriptions.forEach((name, description) -> command.addOption(OptionSpec.builder("--" + name)
                .type(String.class)
                .paramLabel("<" + name + ">")
                .description(description.substring(0, description.length() - "%n".length()))
                .build()));
        return command;
    }

    /** The hyperparameters given on the command line, as they were written. */
    static Map<String, String> given(ParseResult parsed) {
        Map<String, String> given = new LinkedHashMap<>();
        for (Family family : Families.ALL) {
            for (Hyperparameter h : family.hyperparameters()) {
                String text = parsed.matchedOptionValue("--" + h.name(), null);
                if (text != null) {
                    given.put(h.name(), text);
                }
            }
        }
        return given;
    }

    private static String text(Object usual) {
        return usual instanceof List<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : usual.toString();
    }
}
