package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.surprisal.service.access.TokenIssuer;
import io.surprisal.service.event.Receiver;
import io.surprisal.service.grpc.v1.ScoreRequest;
import io.surprisal.service.grpc.v1.ScoringGrpc;
import io.surprisal.service.launch.ServiceProcess;
import io.surprisal.service.launch.ServiceStartException;
import io.surprisal.service.oip.grpc.v2.GRPCInferenceServiceGrpc;
import io.surprisal.service.oip.grpc.v2.RepositoryModelUnloadRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only an operator switches on, on the packaged program, jar or native executable. */
class OperatedServiceIT {
    private static final Path PROGRAM = PackagedServiceIT.PROGRAM;
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + CALLER + "-01";

    @TempDir
    Path folder;

    private Path bundle = Path.of("");

    @BeforeEach
    void writeBundle() throws IOException {
        bundle = Files.createDirectories(folder.resolve("tiny-grey").resolve("1"));
        Bundles.GREY.write(bundle);
    }

    /** By OpenTelemetry's own classes for its protocol. */
    @Test
    void requestsAreTracedAcrossGateQueueModelAndClassifier() throws Exception {
        try (Receiver collector = Receiver.start();
                Receiver classifier = Receiver.start()) {
            int gate = ServiceProcess.freePort();
            Map<String, String> settings = new HashMap<>(gate(gate, address(classifier)));
            settings.put("surprisal.tracing.endpoint", address(collector));
            try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, settings);
                    HttpClient client = HttpClient.newHttpClient()) {
                Door door = new Door(client, service.http()).with("traceparent", TRACEPARENT);
                door.post("/v1/score", "image/png", Images.clean(0), 200);
                door.post("/v1/score", "image/png", Images.notAnImage(), 400);
                new Door(client, URI.create("http://127.0.0.1:" + gate))
                        .with("traceparent", TRACEPARENT)
                        .post("/classify", "image/png", Images.clean(0), 202);
                scoreOverGrpc(service.grpcPort());
            }
            List<Span> spans = spans(collector);
            assertThat(spans)
                    .allSatisfy(span -> assertThat(hex(span.getTraceId())).isEqualTo(TRACE));
            assertThat(spans.stream().map(Span::getName))
                    .containsExactlyInAnyOrder(
                            "score",
                            "queue",
                            "model", // an image over HTTP
                            "score", // what is none
                            "gate",
                            "queue",
                            "model",
                            "classifier",
                            "surprisal.v1.Scoring/Score",
                            "queue",
                            "model");
            Map<String, Span> byId =
                    spans.stream().collect(Collectors.toMap(span -> hex(span.getSpanId()), span -> span));
            assertThat(spans).allSatisfy(span -> {
                Span parent = byId.get(hex(span.getParentSpanId()));
                if (parent == null) {
                    assertThat(hex(span.getParentSpanId())).isEqualTo(CALLER);
                    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
                } else {
                    assertThat(parent.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
                    assertThat(span.getStartTimeUnixNano()).isLessThanOrEqualTo(span.getEndTimeUnixNano());
                }
            });
            Span call = spans.stream()
                    .filter(span -> span.getName().equals("classifier"))
                    .findFirst()
                    .orElseThrow();
            assertThat(classifier.posts())
                    .singleElement()
                    .satisfies(post -> assertThat(post.headers().getFirst("traceparent"))
                            .isEqualTo("00-" + TRACE + "-" + hex(call.getSpanId()) + "-01"));
        }
    }

    @Test
    void aTraceThatNobodyAskedForGoesThroughTheGateAsItCame() throws Exception {
        try (Receiver classifier = Receiver.start()) {
            int gate = ServiceProcess.freePort();
            try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, gate(gate, address(classifier)));
                    HttpClient client = HttpClient.newHttpClient()) {
                new Door(client, URI.create("http://127.0.0.1:" + gate))
                        .with("traceparent", TRACEPARENT)
                        .post("/classify", "image/png", Images.clean(0), 202);
                assertThat(service.handle().isAlive()).isTrue();
            }
            assertThat(classifier.posts())
                    .singleElement()
                    .satisfies(post ->
                            assertThat(post.headers().getFirst("traceparent")).isEqualTo(TRACEPARENT));
        }
    }

    @Test
    void theGateSpeaksTlsWithItsCallersAndWithTheClassifier() throws Exception {
        Certificates certificates = Certificates.make(folder);
        Vertx vertx = Vertx.vertx();
        HttpServer classifier = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PfxOptions()
                                .setPath(certificates.server().toString())
                                .setPassword(Certificates.PASSWORD)))
                .requestHandler(request -> request.response().setStatusCode(204).end())
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        int gate = ServiceProcess.freePort();
        Map<String, String> settings = new HashMap<>(gate(gate, "https://localhost:" + classifier.actualPort()));
        settings.putAll(store("callers.key-store", certificates.server()));
        settings.putAll(store("callers.trust-store", certificates.trusted()));
        settings.put("surprisal.gate.tls-configuration-name", "callers");
        settings.put("surprisal.gate.client-certificates", "true");
        URI address = URI.create("https://localhost:" + gate);
        try (HttpClient known = HttpClient.newBuilder()
                        .sslContext(certificates.client())
                        .build();
                HttpClient stranger = HttpClient.newBuilder()
                        .sslContext(certificates.stranger())
                        .build()) {
            try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, settings)) {
                Door door = new Door(known, address);
                door.post("/classify", "image/png", Images.noise(), 403);
                door.post("/classify", "image/png", Images.clean(0), 502); // nobody vouches for this classifier
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(
                                () -> new Door(stranger, address).post("/classify", "image/png", Images.clean(0), 0));
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> new Door(known, URI.create("http://localhost:" + gate))
                                .post("/classify", "image/png", Images.clean(0), 0));
                assertThat(service.handle().isAlive()).isTrue();
            }
            settings.putAll(store("classifier.trust-store", certificates.trustingServer()));
            settings.put("surprisal.gate.upstream-tls-configuration-name", "classifier");
            try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, settings)) {
                new Door(known, address).post("/classify", "image/png", Images.clean(0), 204);
                assertThat(service.handle().isAlive()).isTrue();
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    @Test
    void whatOfTheGatesTlsCannotBeDoneStopsTheStart() {
        String callers = "surprisal.gate.tls-configuration-name";
        String classifier = "surprisal.gate.upstream-tls-configuration-name";
        for (Map<String, String> wrong : List.of(
                Map.of(callers, "absent"),
                Map.of(callers, ""),
                Map.of("surprisal.gate.client-certificates", "true"),
                Map.of(classifier, "absent", "surprisal.gate.upstream", "https://127.0.0.1:1"),
                Map.of(classifier, "beside-an-upstream-without-tls"))) {
            Map<String, String> settings = new HashMap<>(gate(0, "http://127.0.0.1:1"));
            settings.putAll(wrong);
            assertThatExceptionOfType(ServiceStartException.class)
                    .as(wrong.toString())
                    .isThrownBy(() ->
                            ServiceProcess.start(PROGRAM, bundle, settings).close())
                    .withMessageContaining("tls-configuration-name");
        }
    }

    @Test
    void modelsAreUnloadedOnTheAdministratorsPortAlone() throws Exception {
        int admin = ServiceProcess.freePort();
        Map<String, String> settings =
                Map.of("surprisal.repository.control", "true", "surprisal.access.admin-port", Integer.toString(admin));
        String unload = "/v2/repository/models/tiny-grey/unload";
        try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, settings);
                HttpClient client = HttpClient.newHttpClient()) {
            Door everybody = new Door(client, service.http());
            assertThat(everybody.post(unload, "application/json", new byte[0], 403))
                    .contains("surprisal.access.admin-port");
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> unloadOverGrpc(service.grpcPort()))
                    .withMessageContaining("PERMISSION_DENIED")
                    .withMessageContaining("surprisal.access.admin-port");
            everybody.post("/v1/score", "image/png", Images.clean(0), 200);
            assertThat(everybody.metrics())
                    .contains("surprisal_models_placed_total{provider=\"cpu\",wanted=\"auto\"} 1.0")
                    .contains("surprisal_p_value_bucket{model=\"tiny-grey\",statistic=\"bits-per-dimension\"");

            new Door(client, URI.create("http://127.0.0.1:" + admin))
                    .post(unload, "application/json", new byte[0], 200);
            everybody.post("/v1/score", "image/png", Images.clean(0), 503);
        }
    }

    @Test
    void tokensOpenEveryDoor() throws Exception {
        TokenIssuer issuer = TokenIssuer.of("1");
        Map<String, String> settings = Map.of(
                "surprisal.access.tokens.keys",
                Files.writeString(folder.resolve("keys.json"), issuer.publicKeys())
                        .toString(),
                "surprisal.access.tokens.issuer",
                TokenIssuer.NAME,
                "surprisal.access.tokens.audience",
                TokenIssuer.AUDIENCE,
                "surprisal.repository.control",
                "true");
        try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, settings);
                HttpClient client = HttpClient.newHttpClient()) {
            Door nobody = new Door(client, service.http());
            nobody.post("/v1/score", "image/png", Images.clean(0), 401);
            Door jo = nobody.with("authorization", "Bearer " + issuer.token("\"sub\":\"jo\""));
            jo.post("/v1/score", "image/png", Images.clean(0), 200);
            jo.post("/v2/repository/models/tiny-grey/load", "application/json", new byte[0], 403);
            nobody.with("authorization", "Bearer " + issuer.token("\"sub\":\"jo\",\"groups\":[\"surprisal-admin\"]"))
                    .post("/v2/repository/models/tiny-grey/load", "application/json", new byte[0], 200);
            nobody.with("authorization", "Bearer " + TokenIssuer.of("1").token("\"sub\":\"jo\""))
                    .post("/v1/score", "image/png", Images.clean(0), 401);
        }
    }

    @Test
    void verdictsThatRefuseStandInTheLogWithTheirMembers() throws Exception {
        Path log = folder.resolve("service.log");
        Path audit = folder.resolve("audit.jsonl");
        Map<String, String> settings = Map.of(
                "surprisal.verdict-log", "flagged",
                "surprisal.audit.file", audit.toString(),
                "quarkus.log.file.enabled", "true",
                "quarkus.log.file.path", log.toString(),
                "quarkus.log.file.json.enabled", "true");
        try (ServiceProcess service = ServiceProcess.start(PROGRAM, bundle, settings);
                HttpClient client = HttpClient.newHttpClient()) {
            Door door = new Door(client, service.http());
            door.post("/v1/score", "image/png", Images.clean(0), 200);
            door.post("/v1/score", "image/png", Images.noise(), 200);
        }
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines;
        try (Stream<String> text = Files.lines(log)) {
            lines = text.map(line -> parsed(json, line))
                    .filter(line -> line.get("loggerName").asText().equals("io.surprisal.verdict"))
                    .toList();
        }
        JsonNode audited = parsed(json, Files.readAllLines(audit).getLast());
        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.get("message").asText()).startsWith("flagged by tiny-grey/1 (");
            JsonNode members = line.get("mdc");
            assertThat(members.get("flagged").asText()).isEqualTo("true");
            assertThat(members.get("verdict").asText())
                    .isEqualTo(audited.get("id").asText());
            assertThat(members.get("pValue").asDouble())
                    .isEqualTo(audited.get("pValue").asDouble());
        });
    }

    private static JsonNode parsed(ObjectMapper json, String line) {
        try {
            return json.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("expected a line of JSON, found " + line, e);
        }
    }

    private static Map<String, String> gate(int port, String classifier) {
        return Map.of(
                "surprisal.gate.upstream",
                classifier,
                "surprisal.gate.host",
                "127.0.0.1",
                "surprisal.gate.port",
                Integer.toString(port),
                "surprisal.gate.deadline",
                "20s");
    }

    private static Map<String, String> store(String name, Path file) {
        String store = "quarkus.tls." + name + ".p12";
        return Map.of(store + ".path", file.toString(), store + ".password", Certificates.PASSWORD);
    }

    private static String address(Receiver receiver) {
        return receiver.address().resolve("/").toString();
    }

    private static void scoreOverGrpc(int port) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), TRACEPARENT);
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            assertThat(ScoringGrpc.newBlockingStub(channel)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                            .score(ScoreRequest.newBuilder()
                                    .addImages(ByteString.copyFrom(Images.clean(0)))
                                    .build())
                            .getVerdictsCount())
                    .isEqualTo(1);
        } finally {
            channel.shutdownNow();
        }
    }

    private static void unloadOverGrpc(int port) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder()
                            .setModelName("tiny-grey")
                            .build());
        } finally {
            channel.shutdownNow();
        }
    }

    private static List<Span> spans(Receiver collector) throws IOException {
        List<Span> spans = new ArrayList<>();
        for (Receiver.Post post : collector.posts()) {
            assertThat(post.path()).isEqualTo("/v1/traces");
            ExportTraceServiceRequest.parseFrom(post.body())
                    .getResourceSpansList()
                    .forEach(resource ->
                            resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
        }
        return spans;
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }
}
