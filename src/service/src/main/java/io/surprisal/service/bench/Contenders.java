package io.surprisal.service.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.service.launch.ServiceProcess;
import io.surprisal.service.launch.VirtualEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How to start this service, and what a user would pick instead of it: ONNX Runtime in Python behind FastAPI, behind MLServer, and behind
 * Triton. Each runs the same model with one thread within a run and a process, or an instance, for each core.
 */
final class Contenders {
    /** What runs them, the least a detector can do; see the files there. */
    private final Path scripts;

    private final Path cache;
    private final Path bundle;
    private final BundleManifest manifest;
    private final int workers;

    /**
     * @param scripts the folder of the peers' scripts
     * @param cache folder to install them in
     * @param workers processes, or instances, of each
     */
    Contenders(Path scripts, Path cache, Path bundle, BundleManifest manifest, int workers) {
        this.scripts = scripts.toAbsolutePath().normalize();
        this.cache = cache;
        this.bundle = bundle.toAbsolutePath().normalize();
        this.manifest = manifest;
        this.workers = workers;
    }

    /** Names that {@link #plan} knows beside {@code surprisal}. */
    static List<String> peers() {
        return List.of("fastapi", "mlserver", "triton");
    }

    /**
     * Installs one where that is not done, and says how to start it.
     *
     * @throws IOException when it cannot be installed
     */
    Contender.Plan plan(String name, Path program) throws IOException, InterruptedException {
        int http = ServiceProcess.freePort();
        int grpc = ServiceProcess.freePort();
        return switch (name) {
            case "surprisal" -> plan(name, service(program, http, grpc), bundle, http, grpc, EnumSet.allOf(Door.class));
            case "fastapi" -> {
                VirtualEnvironment python = environment("fastapi");
                List<String> command = List.of(
                        python.program("python").toString(),
                        "-m",
                        "uvicorn",
                        "fastapi_peer:app",
                        "--port=" + http,
                        "--workers=" + workers,
                        "--log-level=warning",
                        "--no-access-log");
                yield plan(name, command, scripts, http, grpc, EnumSet.of(Door.IMAGE_HTTP));
            }
            case "mlserver" -> {
                VirtualEnvironment python = environment("mlserver");
                Path folder = mlserver(http, grpc);
                List<String> command = List.of(python.program("mlserver").toString(), "start", folder.toString());
                yield plan(name, command, folder, http, grpc, EnumSet.of(Door.TENSOR_HTTP, Door.TENSOR_GRPC));
            }
            case "triton" -> {
                VirtualEnvironment python = environment("pytriton");
                ImageShape shape = manifest.shape();
                List<String> command = python(
                        python,
                        "pytriton_peer.py",
                        http,
                        grpc,
                        workers,
                        manifest.name(),
                        shape.channels(),
                        shape.height(),
                        shape.width());
                yield plan(name, command, scripts, http, grpc, EnumSet.of(Door.TENSOR_HTTP, Door.TENSOR_GRPC));
            }
            default -> throw new IllegalArgumentException("expected one of " + peers() + ", got " + name);
        };
    }

    private Contender.Plan plan(String name, List<String> command, Path folder, int http, int grpc, Set<Door> doors) {
        Map<String, String> environment = Map.of(
                "SURPRISAL_BUNDLE", bundle.toString(),
                "PYTHONPATH", scripts.toString(),
                "OMP_WAIT_POLICY", "PASSIVE");
        return new Contender.Plan(name, command, environment, folder, http, grpc, doors);
    }

    private List<String> service(Path program, int http, int grpc) {
        List<String> options = new ArrayList<>(ServiceProcess.options(bundle, http, grpc));
        options.add("-Dsurprisal.batch.workers=" + workers);
        return ServiceProcess.command(program.toAbsolutePath(), options);
    }

    private List<String> python(VirtualEnvironment environment, String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                environment.program("python").toString(),
                scripts.resolve(script).toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** MLServer is told all it has to know by files. */
    private Path mlserver(int http, int grpc) throws IOException {
        Path folder = Files.createTempDirectory("surprisal-mlserver");
        ObjectMapper json = new ObjectMapper();
        json.writeValue(
                folder.resolve("settings.json").toFile(),
                Map.of(
                        "host", "127.0.0.1",
                        "http_port", http,
                        "grpc_port", grpc,
                        "parallel_workers", workers,
                        "debug", false));
        json.writeValue(
                folder.resolve("model-settings.json").toFile(),
                Map.of("name", manifest.name(), "implementation", "runtime.SurprisalRuntime"));
        Files.copy(scripts.resolve("mlserver").resolve("runtime.py"), folder.resolve("runtime.py"));
        return folder;
    }

    /** Triton carries a Python of its own, which wants the standard library of Debian 12's; elsewhere it may not start, and says so. */
    private VirtualEnvironment environment(String peer) throws IOException, InterruptedException {
        Path debians = Path.of("/usr/bin/python3.11");
        String python = Files.isExecutable(debians) ? debians.toString() : "python3";
        List<String> packages = Files.readAllLines(scripts.resolve("requirements-" + peer + ".txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        return VirtualEnvironment.with(cache.resolve(peer), python, packages);
    }
}
