package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.surprisal.detector.SignedFolder;
import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyFault;
import io.surprisal.detector.bundle.Sha256;
import io.surprisal.service.bench.BenchCommand;
import io.surprisal.service.demo.AotCacheCommand;
import io.surprisal.service.demo.DemoCommand;
import io.surprisal.service.event.Receiver;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import io.surprisal.service.launch.ServiceProcess;
import io.surprisal.service.launch.ServiceStartException;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc;
import io.surprisal.service.oip.grpc.v2.RepositoryModelLoadRequest;
import io.surprisal.service.oip.grpc.v2.ServerLiveRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The packaged program, jar or native executable, started as users start it. */
class PackagedServiceIT {
    static final Path PROGRAM = Path.of(System.getProperty("surprisal.program", "target/quarkus-app/quarkus-run.jar"));

    @TempDir
    Path folder;

    private Path bundle = Path.of("");

    @BeforeEach
    void writeBundle() throws IOException {
        bundle = Files.createDirectories(folder.resolve("tiny-grey").resolve("1"));
        Bundles.GREY.write(bundle);
        Path samples = Files.createDirectories(bundle.resolve("samples"));
        Files.write(samples.resolve("clean.png"), TinyBundle.png(Bundles.GREY.clean(1, 3), 0));
        Files.write(samples.resolve("noise.png"), Images.noise());
        Files.write(samples.resolve("not-an-image.png"), Images.notAnImage());
    }

    @Test
    void theDemoScoresTheSamplesOverBothTransportsAndStops() {
        assertThat(new CommandLine(new DemoCommand())
                        .execute("--bundle", bundle.toString(), "--program", PROGRAM.toString()))
                .isZero();
    }

    @Test
    void javaStartsFromTheCacheOfAnEarlierStart() throws IOException, InterruptedException {
        assumeThat(PROGRAM.toString()).as("a jar").endsWith(".jar");
        // Not where the launcher's lies, which knows the shipped model.
        String cache = folder.resolve("app.aot").toString();
        assertThat(new CommandLine(new AotCacheCommand())
                        .execute("--bundle", bundle.toString(), "--program", PROGRAM.toString(), "--output", cache))
                .isZero();

        // "on" ends a Java that cannot use it, instead of starting without.
        List<String> options = List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
        try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, Map.of(), options)) {
            assertThat(service.handle().isAlive()).isTrue();
        }
        assertThat(bench("start", new String[] {"--rounds", "1"}, new String[] {"--target-aot", "100000"}))
                .isZero();
    }

    @Test
    void theBenchMeasuresBothTransports() throws IOException {
        Path json = folder.resolve("bench.json");
        int status = new CommandLine(new BenchCommand())
                .execute(
                        "--bundle", bundle.toString(),
                        "--program", PROGRAM.toString(),
                        "--concurrency", "2",
                        "--images-per-request", "1,3",
                        "--rounds", "1",
                        "--seconds", "0.2",
                        "--warm-up-requests", "200",
                        "--target", "0",
                        "--json", json.toString());
        assertThat(status).isZero();
        assertThat(Files.readString(json)).contains("\"ratio\"", "\"p99Millis\"");
    }

    @Test
    void theBenchSaysWhatTheGateAdds() {
        String[] brief = {"--rounds", "1", "--seconds", "0.5", "--warm-up-requests", "1"};
        String[] generous = {"--target-p50", "1000", "--target-p99", "1000"};

        assertThat(bench("gate", brief, generous)).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theSoakLooksForMemoryAndTensorsThatAreNotGivenBack() {
        String[] brief = {"--turns", "2", "--settle", "1", "--seconds", "0.5", "--warm-up-requests", "1"};
        String[] generous = {"--growth", "10"};

        assertThat(bench("soak", brief, generous)).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theBenchComparesTwoReplicasBehindEnvoyWithOne() throws InterruptedException {
        PythonEnvironment.with("envoy", EnvoyProcess.ENVOY);
        String[] brief = {"--rounds", "1", "--seconds", "0.5", "--warm-up-requests", "1"};
        String[] generous = {"--target", "0", "--envoy-cache", "target/python"};

        assertThat(bench("replicas", brief, generous)).isZero();
    }

    private int bench(String name, String[] brief, String[] generous) {
        List<String> arguments =
                new ArrayList<>(List.of(name, "--bundle", bundle.toString(), "--program", PROGRAM.toString()));
        arguments.addAll(List.of(brief));
        arguments.addAll(List.of(generous));
        return new CommandLine(new BenchCommand()).execute(arguments.toArray(String[]::new));
    }

    @Test
    void stoppingAnswersWhatIsOnItsWay() throws Exception {
        HttpRequest request;
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, Map.of())) {
                request = HttpRequest.newBuilder(service.http().resolve("/v1/score"))
                        .header("content-type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Images.clean(0)))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
                for (int i = 0; i < 100; i++) {
                    answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
                }
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                try {
                    assertThat(answer.get().statusCode()).isIn(200, 503);
                } catch (ExecutionException e) {
                    assertThat(e)
                            .as("never connected, or refused before it was read")
                            .hasCauseInstanceOf(IOException.class);
                }
            }
            assertThatExceptionOfType(ConnectException.class)
                    .as("it is gone")
                    .isThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()));
        }
    }

    /** What a native executable was not told of at build time, it misses only when it is asked: every door has to be tried. */
    @Test
    void everyDoorAnswers() throws Exception {
        HttpServer classifier = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        classifier.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        classifier.start();
        int gate = ServiceProcess.freePort();
        Map<String, String> settings = Map.of(
                "surprisal.repository.control", "true",
                "surprisal.gate.upstream",
                        "http://127.0.0.1:" + classifier.getAddress().getPort(),
                "surprisal.gate.host", "127.0.0.1",
                "surprisal.gate.port", Integer.toString(gate),
                "surprisal.gate.deadline", "20s");
        try (ServiceProcess service = ServiceProcess.start(PROGRAM, folder, settings);
                HttpClient client = HttpClient.newHttpClient()) {
            Door door = new Door(client, service.http());
            assertThat(door.get("/v1/models", 200)).contains("\"name\":\"tiny-grey\"", "\"height\":8");
            assertThat(door.post("/v1/score", "image/png", Images.clean(0), 200))
                    .contains("\"bitsPerDimension\":");
            assertThat(door.post("/v1/score", "image/jpeg", Images.jpeg(), 200)).contains("\"statistics\":");
            assertThat(door.post("/v1/score", "application/json", Http.json(Images.noise()), 200))
                    .contains("\"flagged\":true");
            assertThat(door.post("/v1/score", "multipart/form-data; boundary=b", form(Images.clean(0)), 200))
                    .contains("\"flagged\":");
            assertThat(door.post("/v1/score?model=absent", "image/png", Images.clean(0), 404))
                    .contains("urn:surprisal:problem:");
            assertThat(door.post("/v1/score", "image/png", Images.notAnImage(), 400))
                    .contains("expected");
            assertThat(door.post("/v1/map", "image/png", Images.clean(0), 200)).contains("PNG");
            assertThat(door.post("/v1/explain", "image/png", Images.clean(0), 200))
                    .contains("\"surprisalBits\":[", "\"verdict\":{\"flagged\":");
            assertThat(door.post("/v1/purify?epsilon=2", "image/png", Images.noise(), 200))
                    .contains("\"before\":{\"flagged\":true", "\"image\":\"iVBOR");
            assertThat(door.get("/v1/models/tiny-grey/versions/1/calibration", 200))
                    .contains("\"histogram\":{\"from\":", "\"thresholds\":[{");
            assertThat(door.get("/v1/models/tiny-grey/versions/1/samples", 200)).contains("clean.png");
            assertThat(door.get("/v1/models/tiny-grey/versions/1/samples/clean.png", 200))
                    .contains("PNG");
            door.get("/v1/models/tiny-grey/versions/1/samples/..%2Fbundle.json", 404);
            door.get("/v1/models/tiny-grey/versions/1/samples/..%2Fsamples%2Fclean.png", 404);
            assertThat(door.get("/", 200)).contains("<title>Surprisal</title>");
            assertThat(door.get("/console/console.js", 200)).contains("EventSource");
            assertThat(door.get("/webjars/uplot/dist/uPlot.esm.js", 200)).contains("uPlot");
            assertThat(door.event("/v1/live")).contains("\"decisions\":[{\"number\":1,", "\"state\":\"serving\"");
            assertThat(door.get("/v2", 200)).contains("surprisal");
            assertThat(door.get("/v2/models/tiny-grey", 200)).contains("\"outputs\"");
            assertThat(door.post("/v2/models/tiny-grey/infer", "application/json", tensor(), 200))
                    .contains("\"model_version\":\"1\"", "\"p_value\"");
            assertThat(door.post("/v2/models/tiny-grey/infer", "application/json", Images.notAnImage(), 400))
                    .contains("\"error\"");
            assertThat(door.get("/q/health", 200)).contains("\"UP\"");
            assertThat(door.get("/q/metrics", 200)).contains("surprisal_verdicts_total{model=\"tiny-grey\"");
            assertThat(door.get("/q/openapi", 200)).contains("/v1/score");
            assertThat(door.get("/q/swagger-ui/", 200)).contains("swagger");

            Door proxy = new Door(client, URI.create("http://127.0.0.1:" + gate));
            proxy.post("/classify", "image/png", Images.clean(0), 204);
            proxy.post("/classify", "image/png", Images.noise(), 403);

            Bundles.GREY.write(Files.createDirectories(bundle.resolveSibling("2")), "2");
            door.post("/v2/repository/models/tiny-grey/load", "application/json", new byte[0], 200);
            assertThat(door.post("/v2/repository/index", "application/json", new byte[0], 200))
                    .contains("\"version\":\"2\"");
            assertThat(door.post("/v1/score", "image/png", Images.clean(0), 200))
                    .contains("\"version\":\"2\"");
        } finally {
            classifier.stop(0);
        }
    }

    private static byte[] form(byte[] image) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("--b\r\ncontent-disposition: form-data; name=\"image\"; filename=\"1.png\"\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(image);
        body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    private static byte[] tensor() {
        String zeros = "0,".repeat(63) + "0";
        return ("{\"inputs\":[{\"name\":\"image\",\"datatype\":\"UINT8\",\"shape\":[1,1,8,8],\"data\":[" + zeros
                        + "]}]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aBrokenBundleIsSaidAtOnce() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("broken").resolve("1"));
        Bundles.GREY.write(broken, TinyFault.BYTE_CHANGED);
        assertThatExceptionOfType(ServiceStartException.class)
                .isThrownBy(() -> ServiceProcess.start(PROGRAM, broken, Map.of()))
                .withMessageContaining("SHA-256 of model.onnx");
    }

    @Test
    void onlyWhatATrustedKeyHasSignedServes() throws IOException, InterruptedException {
        KeyPair ours = SignedFolder.keys("secp256r1");
        Map<String, String> trusting = Map.of(
                "surprisal.repository.trusted-keys",
                SignedFolder.pem(ours.getPublic(), folder.resolve("ours.pem")).toString());
        assertThatExceptionOfType(ServiceStartException.class)
                .isThrownBy(() -> ServiceProcess.start(PROGRAM, bundle, trusting))
                .withMessageContaining("model.sig");

        SignedFolder.sign(bundle, ours, "SHA256withECDSA");
        try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, trusting);
                HttpClient client = HttpClient.newHttpClient()) {
            new Door(client, service.http()).post("/v1/score", "image/png", Images.clean(0), 200);
        }

        SignedFolder.sign(bundle, SignedFolder.keys("secp256r1"), "SHA256withECDSA");
        assertThatExceptionOfType(ServiceStartException.class)
                .isThrownBy(() -> ServiceProcess.start(PROGRAM, bundle, trusting))
                .withMessageContaining("one by the trusted key");
    }

    @Test
    void keysAreAskedForAtEveryDoor() throws IOException, InterruptedException {
        Path keys = Files.writeString(
                folder.resolve("keys"), "dashboard " + hash("one") + "\noperator " + hash("two") + " admin\n");
        Map<String, String> settings =
                Map.of("surprisal.access.keys", keys.toString(), "surprisal.repository.control", "true");
        byte[] nothing = {};
        String load = "/v2/repository/models/tiny-grey/load";
        try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, settings);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            Door stranger = new Door(client, service.http());
            stranger.get("/q/health/ready", 200);
            stranger.get("/v2/health/live", 200);
            for (String path : List.of(
                    "/",
                    "/q/metrics",
                    "/q/openapi",
                    "/v1/models",
                    "/q/health/%2e%2e/%2e%2e/v1/models",
                    "/q/health/..;/..;/v1/models")) {
                stranger.get(path, 401);
            }
            assertThat(stranger.post("/v1/score", "image/png", Images.clean(0), 401))
                    .contains("urn:surprisal:problem:unauthenticated");
            assertThat(stranger.post("/v2/models/tiny-grey/infer", "application/json", tensor(), 401))
                    .startsWith("{\"error\"");
            stranger.post("/v1/score", "application/octet-stream", new byte[4 << 20], 401);

            Door dashboard = stranger.with("x-api-key", "one");
            dashboard.post("/v1/score", "image/png", Images.clean(0), 200);
            assertThat(dashboard.get("/q/metrics", 200)).contains("surprisal_access_denied_total");
            dashboard.post(load, "application/json", nothing, 403);
            dashboard.post(load + ";a=b", "application/json", nothing, 403);
            dashboard.post("/v2/repository/index", "application/json", nothing, 200);
            stranger.with("authorization", "Bearer two").post(load, "application/json", nothing, 200);

            ManagedChannel channel = ManagedChannelBuilder.forAddress(service.host(), service.grpcPort())
                    .usePlaintext()
                    .build();
            try {
                ScoreRequest request = ScoreRequest.newBuilder()
                        .addImages(ByteString.copyFrom(Images.clean(0)))
                        .build();
                ScoringGrpc.ScoringBlockingStub scoring = ScoringGrpc.newBlockingStub(channel);
                assertThatExceptionOfType(StatusRuntimeException.class)
                        .isThrownBy(() -> scoring.score(request))
                        .withMessageContaining("UNAUTHENTICATED");
                Metadata key = new Metadata();
                key.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), "one");
                assertThat(scoring.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key))
                                .score(request)
                                .getVerdictsCount())
                        .isEqualTo(1);
                GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub inference =
                        GRPCInferenceServiceGrpc.newBlockingStub(channel);
                assertThat(inference
                                .serverLive(ServerLiveRequest.getDefaultInstance())
                                .getLive())
                        .isTrue();
                assertThatExceptionOfType(StatusRuntimeException.class)
                        .isThrownBy(() -> inference
                                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key))
                                .repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                                        .setModelName("tiny-grey")
                                        .build()))
                        .withMessageContaining("PERMISSION_DENIED");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void decisionsAreAuditedAndAFullDiskStopsNothing() throws IOException, InterruptedException {
        Path audit = folder.resolve("audit.jsonl");
        scoreOnce(Map.of("surprisal.audit.file", audit.toString()), "surprisal_audit_lost_total 0.0");
        assertThat(Files.readAllLines(audit)).singleElement().asString().contains("\"model\":\"tiny-grey\"");

        scoreOnce(Map.of("surprisal.audit.file", "/dev/full"), "surprisal_audit_lost_total 1.0");
    }

    @Test
    void verdictsThatRefuseAreToldAndOthersAreNot() throws IOException, InterruptedException {
        try (Receiver receiver = Receiver.start();
                ServiceProcess service = ServiceProcess.start(
                        PROGRAM,
                        bundle,
                        Map.of("surprisal.events.sink", receiver.address().toString()));
                HttpClient client = HttpClient.newHttpClient()) {
            Door door = new Door(client, service.http());
            door.post("/v1/score", "image/png", Images.clean(0), 200);
            door.post("/v1/score", "image/png", Images.noise(), 200);
            Patience.until("the event", () -> door.metrics().contains("surprisal_events_sent_total 1.0"));
            assertThat(receiver.posts())
                    .singleElement()
                    .extracting(post -> new String(post.body(), StandardCharsets.UTF_8))
                    .asString()
                    .contains(
                            "\"type\":\"io.surprisal.verdict.v1\"", "\"subject\":\"tiny-grey/1\"", "\"flagged\":true");
        }
    }

    /** Started by itself, without the launcher and without an image that says so. */
    @Test
    void noUsageDataAreCollected() throws IOException, InterruptedException {
        int http = ServiceProcess.freePort();
        List<String> options = ServiceProcess.options(bundle, http, ServiceProcess.freePort());
        ProcessBuilder builder = new ProcessBuilder(ServiceProcess.command(PROGRAM.toAbsolutePath(), options))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alone.log").toFile());
        Path home = Files.createDirectory(folder.resolve("home"));
        builder.environment().keySet().removeAll(List.of("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"));
        builder.environment().put("HOME", home.toString());
        Process service = builder.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/q/health/ready".formatted(http)))
                    .build();
            Patience.until("the service", () -> status(client, ready) == 200);
        } finally {
            service.destroy();
            service.waitFor();
        }
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private void scoreOnce(Map<String, String> settings, String metric) throws IOException, InterruptedException {
        try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, settings);
                HttpClient client = HttpClient.newHttpClient()) {
            Door door = new Door(client, service.http());
            door.post("/v1/score", "image/png", Images.clean(0), 200);
            Patience.until(metric, () -> door.metrics().contains(metric));
        }
    }

    @Test
    void onlyClientsWithATrustedCertificateAreHeardOverTls() throws Exception {
        Certificates certificates = Certificates.make(folder);
        int http = ServiceProcess.freePort();
        int https = ServiceProcess.freePort();
        int grpc = ServiceProcess.freePort();
        List<String> options = new ArrayList<>(ServiceProcess.options(bundle, http, grpc));
        Map.of(
                        "quarkus.http.ssl-port", Integer.toString(https),
                        "quarkus.http.ssl.certificate.key-store-file",
                                certificates.server().toString(),
                        "quarkus.http.ssl.certificate.trust-store-file",
                                certificates.trusted().toString(),
                        "quarkus.http.insecure-requests", "disabled",
                        "surprisal.access.client-certificates", "true",
                        "quarkus.grpc.server.ssl.key-store",
                                certificates.server().toString(),
                        "quarkus.grpc.server.ssl.trust-store",
                                certificates.trusted().toString(),
                        "quarkus.grpc.server.ssl.client-auth", "required")
                .forEach((key, value) -> options.add("-D" + key + "=" + value));
        for (String store : List.of("http.ssl.certificate", "grpc.server.ssl")) {
            options.add("-Dquarkus." + store + ".key-store-password=" + Certificates.PASSWORD);
            options.add("-Dquarkus." + store + ".trust-store-password=" + Certificates.PASSWORD);
        }
        Process service = new ProcessBuilder(ServiceProcess.command(PROGRAM.toAbsolutePath(), options))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("tls.log").toFile())
                .start();
        try (HttpClient known = HttpClient.newBuilder()
                        .sslContext(certificates.client())
                        .build();
                HttpClient stranger = HttpClient.newBuilder()
                        .sslContext(certificates.stranger())
                        .build()) {
            URI tls = URI.create("https://localhost:" + https);
            HttpRequest ready =
                    HttpRequest.newBuilder(tls.resolve("/q/health/ready")).build();
            Patience.until("the service over TLS", () -> status(known, ready) == 200);

            new Door(known, tls).post("/v1/score", "image/png", Images.clean(0), 200);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new Door(stranger, tls).get("/v1/models", 200));
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(
                            () -> new Door(stranger, URI.create("http://localhost:" + http)).get("/v1/models", 200));

            assertThat(grpcOverTls(grpc, certificates.clientKeys())).isEqualTo(1);
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> grpcOverTls(grpc))
                    .withMessageContaining("UNAVAILABLE");
        } finally {
            service.destroy();
            service.waitFor();
        }
    }

    /** 0 while nobody answers. */
    private static int status(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatCannotBeDoneIsRefusedAtTheStart() {
        for (Map<String, String> settings : List.of(
                Map.of("surprisal.access.client-certificates", "true"),
                Map.of("surprisal.access.keys", ""),
                Map.of("surprisal.audit.file", ""),
                Map.of("surprisal.runtime.provider", "cuda"),
                Map.of("surprisal.access.tokens.keys", ""),
                Map.of("surprisal.access.admin-port", ""),
                Map.of("surprisal.gate.purify-epsilon", "65"),
                Map.of("surprisal.repository.trusted-keys", ""))) {
            assertThatExceptionOfType(ServiceStartException.class)
                    .as(settings.toString())
                    .isThrownBy(() ->
                            ServiceProcess.start(PROGRAM, bundle, settings).close())
                    .withMessageContaining(settings.keySet().iterator().next());
        }
    }

    private static int grpcOverTls(int port, KeyManager... keys) throws IOException {
        TlsChannelCredentials.Builder credentials =
                TlsChannelCredentials.newBuilder().trustManager(Certificates.trustEverybody());
        if (keys.length > 0) {
            credentials.keyManager(keys);
        }
        ManagedChannel channel = Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials.build())
                .overrideAuthority("localhost")
                .build();
        try {
            return ScoringGrpc.newBlockingStub(channel)
                    .score(ScoreRequest.newBuilder()
                            .addImages(ByteString.copyFrom(Images.clean(0)))
                            .build())
                    .getVerdictsCount();
        } finally {
            channel.shutdownNow();
        }
    }

    private static String hash(String key) {
        return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    }
}
