package io.surprisal.service;

import static org.junit.jupiter.api.Assumptions.abort;

import io.surprisal.service.launch.VirtualEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Programs of others from PyPI, in an environment below {@code target}. Without Python or PyPI the test that wants it is skipped, and says
 * so; where {@code CI} is set it fails instead, so that it cannot go missing unnoticed.
 */
final class PythonEnvironment {
    private static final boolean REQUIRED = "true".equals(System.getenv("CI"));

    private final VirtualEnvironment environment;

    private PythonEnvironment(VirtualEnvironment environment) {
        this.environment = environment;
    }

    /** Gives an environment with {@code packages}, each with its version. */
    static PythonEnvironment with(String name, String... packages) throws InterruptedException {
        try {
            return new PythonEnvironment(
                    VirtualEnvironment.with(Path.of("target", "python", name), "python3", List.of(packages)));
        } catch (IOException e) {
            String what = "needs Python with packages from PyPI, but " + e.getMessage();
            if (REQUIRED) {
                throw new AssertionError(what, e);
            }
            return abort(what);
        }
    }

    /** A program that a package brings. */
    Path program(String name) {
        return environment.program(name);
    }

    /** Runs a script to its end; what it printed is in the error when its status is not 0. */
    void run(Path script, String... arguments) throws IOException, InterruptedException {
        run(Map.of(), script, arguments);
    }

    /** As the other, with more in its environment. */
    void run(Map<String, String> variables, Path script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(program("python").toString(), script.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        VirtualEnvironment.Result result = VirtualEnvironment.execute(command, variables);
        if (result.status() != 0) {
            throw new AssertionError(
                    "%s ended with status %d:%n%s".formatted(script, result.status(), result.output()));
        }
    }
}
