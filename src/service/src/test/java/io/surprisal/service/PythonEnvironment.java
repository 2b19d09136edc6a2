package io.surprisal.service;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Programs of others from PyPI, in an environment of their own below {@code target}, made at the first use. Without Python or PyPI the
 * test that wants it is skipped, and says so; where {@code CI} is set it fails instead, so that it cannot go missing unnoticed.
 */
final class PythonEnvironment {
    private static final boolean REQUIRED = "true".equals(System.getenv("CI"));

    private final Path folder;

    private PythonEnvironment(Path folder) {
        this.folder = folder;
    }

    /** Gives an environment with {@code packages}, each with its version. */
    static PythonEnvironment with(String name, String... packages) throws IOException, InterruptedException {
        Path folder = Path.of("target", "python", name).toAbsolutePath();
        Path mark = folder.resolve("installed.txt");
        String wanted = String.join("\n", packages);
        if (!Files.exists(mark) || !Files.readString(mark).equals(wanted)) {
            require(List.of("python3", "-m", "venv", "--clear", folder.toString()));
            List<String> install = new ArrayList<>(List.of(
                    folder.resolve("bin/python").toString(),
                    "-m",
                    "pip",
                    "install",
                    "-q",
                    "--disable-pip-version-check"));
            install.addAll(List.of(packages));
            require(install);
            Files.writeString(mark, wanted);
        }
        return new PythonEnvironment(folder);
    }

    /** A program that a package brings. */
    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** Runs a script to its end; what it printed is in the error when its status is not 0. */
    void run(Path script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(program("python").toString(), script.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        Result result = execute(command);
        if (result.status() != 0) {
            throw new AssertionError(
                    "%s ended with status %d:%n%s".formatted(script, result.status(), result.output()));
        }
    }

    private record Result(int status, String output) {}

    private static void require(List<String> command) throws InterruptedException {
        String failure;
        try {
            Result result = execute(command);
            if (result.status() == 0) {
                return;
            }
            failure = result.output();
        } catch (IOException e) {
            failure = e.toString();
        }
        String what = "needs Python with packages from PyPI, but '%s' failed: %s"
                .formatted(String.join(" ", command), failure);
        if (REQUIRED) {
            throw new AssertionError(what);
        }
        abort(what);
    }

    private static Result execute(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        return new Result(process.exitValue(), output);
    }
}
