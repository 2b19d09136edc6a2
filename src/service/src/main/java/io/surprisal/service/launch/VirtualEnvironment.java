package io.surprisal.service.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs of others from PyPI, in an environment of their own, made at the first use. */
public final class VirtualEnvironment {
    private final Path folder;

    private VirtualEnvironment(Path folder) {
        this.folder = folder;
    }

    /**
     * Gives an environment with packages; one that was made before with the same is taken as it is.
     *
     * @param folder to make it in; what is there is deleted when it has other packages
     * @param python the interpreter, a path or a name on the path
     * @param packages each with its version, as pip takes them
     * @throws IOException when there is no Python, or a package cannot be had; the message has what was said
     */
    public static VirtualEnvironment with(Path folder, String python, List<String> packages)
            throws IOException, InterruptedException {
        Path whole = folder.toAbsolutePath();
        Path mark = whole.resolve("installed.txt");
        String wanted = String.join("\n", packages);
        if (!Files.exists(mark) || !Files.readString(mark).equals(wanted)) {
            require(List.of(python, "-m", "venv", "--clear", whole.toString()));
            List<String> install = new ArrayList<>(List.of(
                    whole.resolve("bin/python").toString(),
                    "-m",
                    "pip",
                    "install",
                    "-q",
                    "--disable-pip-version-check"));
            install.addAll(packages);
            require(install);
            Files.writeString(mark, wanted);
        }
        return new VirtualEnvironment(whole);
    }

    /** A program that a package brings. */
    public Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    private static void require(List<String> command) throws IOException, InterruptedException {
        Result result;
        try {
            result = execute(command);
        } catch (IOException e) {
            throw new IOException("'%s' failed: %s".formatted(String.join(" ", command), e.getMessage()), e);
        }
        if (result.status() != 0) {
            throw new IOException("'%s' failed: %s".formatted(String.join(" ", command), result.output()));
        }
    }

    /**
     * How a program ended.
     *
     * @param status its exit status
     * @param output what it said, both streams
     */
    public record Result(int status, String output) {}

    /** Runs a program to its end. */
    public static Result execute(List<String> command) throws IOException, InterruptedException {
        return execute(command, Map.of());
    }

    /** As the other, with more in its environment. */
    public static Result execute(List<String> command, Map<String, String> variables)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
