package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.common.utils.StringUtil;
import io.surprisal.service.config.SurprisalConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of {@code docker/kubernetes}, rendered as a cluster would get them and read into Kubernetes' own types. */
class KubernetesManifestsTest {
    private static final Path FOLDER = Path.of("..", "..", "docker", "kubernetes");
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "apps/v1 Deployment", Deployment.class,
            "autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "v1 ConfigMap", ConfigMap.class,
            "v1 Service", io.fabric8.kubernetes.api.model.Service.class,
            "v1 ServiceAccount", ServiceAccount.class);
    private static final Map<String, List<HasMetadata>> RENDERED = new ConcurrentHashMap<>();
    /** The types keep what they do not know; without that, it is an error. */
    private static final ObjectMapper STRICT = YAMLMapper.builder(new YAMLFactory())
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"base", "sidecar", "envoy", "monitoring", "stream"})
    void everyResourceIsOneKubernetesKnows(String overlay) throws Exception {
        List<HasMetadata> resources = render(overlay);
        assertThat(resources).isNotEmpty();
        assertThat(resources)
                .allSatisfy(
                        resource -> assertThat(resource.getMetadata().getName()).isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "sidecar", "envoy", "stream"})
    void podsAskForNoMoreThanTheyNeed(String overlay) throws Exception {
        PodSpec pod = pod(overlay);
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(containers(pod)).allSatisfy(container -> {
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getImage()).as("pinned").contains(":").doesNotEndWith(":latest");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "sidecar", "envoy", "stream"})
    void probesAndServicesFindTheirPorts(String overlay) throws Exception {
        PodSpec pod = pod(overlay);
        Set<String> ports = containers(pod).stream()
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getName)
                .collect(Collectors.toSet());
        assertThat(resources(overlay, io.fabric8.kubernetes.api.model.Service.class)
                        .flatMap(service -> service.getSpec().getPorts().stream())
                        .map(ServicePort::getTargetPort))
                .allSatisfy(port -> assertThat(ports).contains(port.getStrVal()));
        assertThat(resources(overlay, NetworkPolicy.class)
                        .flatMap(policy -> policy.getSpec().getIngress().stream())
                        .flatMap(rule -> rule.getPorts().stream()))
                .allSatisfy(port -> assertThat(ports).contains(port.getPort().getStrVal()));
        Container surprisal = surprisal(pod);
        for (Probe probe :
                List.of(surprisal.getStartupProbe(), surprisal.getLivenessProbe(), surprisal.getReadinessProbe())) {
            assertThat(probe.getHttpGet().getPath())
                    .isIn("/q/health/started", "/q/health/live", "/q/health/ready"); // OperationsTest asks them
            assertThat(surprisal.getPorts())
                    .anySatisfy(port -> assertThat(port.getName())
                            .isEqualTo(probe.getHttpGet().getPort().getStrVal()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "sidecar", "envoy"})
    void thereIsTimeToDrain(String overlay) throws Exception {
        PodSpec pod = pod(overlay);
        long asleep = containers(pod).stream()
                .mapToLong(container ->
                        container.getLifecycle().getPreStop().getSleep().getSeconds())
                .max()
                .orElseThrow();
        long shutdown = 15; // quarkus.shutdown.timeout
        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(asleep + shutdown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "sidecar", "envoy"})
    void settingsAreSettingsOfTheService(String overlay) throws Exception {
        assertThat(settings(surprisal(pod(overlay)))).isNotEmpty().isSubsetOf(known());
    }

    @Test
    void theTransformerOfKServeIsAContainerWithSettingsOfTheService() throws IOException {
        JsonNode service = STRICT.readTree(
                FOLDER.resolve("kserve").resolve("inference-service.yaml").toFile());
        JsonNode containers = service.get("spec").get("transformer").get("containers");
        assertThat(containers).hasSize(1);
        Container transformer = STRICT.treeToValue(containers.get(0), Container.class);
        assertThat(transformer.getName()).isEqualTo("kserve-container");
        assertThat(settings(transformer)).isNotEmpty().isSubsetOf(known());
    }

    /** As in KServe's pkg/apis/serving/v1alpha1/inference_graph.go. */
    private record InferenceGraph(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {
        private record Spec(Map<String, Node> nodes) {}

        private record Node(RouterType routerType, List<Step> steps) {}

        private record Step(
                @Nullable String name,
                @Nullable String nodeName,
                @Nullable String serviceName,
                @Nullable String serviceUrl,
                @Nullable String data,
                @Nullable Long weight,
                @Nullable String condition,
                @Nullable Dependency dependency) {
            long targets() {
                return Stream.of(nodeName, serviceName, serviceUrl)
                        .filter(Objects::nonNull)
                        .count();
            }
        }

        private enum RouterType {
            Sequence,
            Splitter,
            Ensemble,
            Switch
        }

        private enum Dependency {
            Soft,
            Hard
        }
    }

    @Test
    void theGraphOfKServeIsOneThatItTakesAndAsksForTheVerdictFirst() throws IOException {
        List<JsonNode> documents = graph();
        assertThat(documents)
                .extracting(document -> document.get("apiVersion").asText() + " "
                        + document.get("kind").asText())
                .containsExactly(
                        "serving.kserve.io/v1alpha1 InferenceGraph",
                        "serving.kserve.io/v1beta1 InferenceService",
                        "serving.kserve.io/v1beta1 InferenceService");
        InferenceGraph graph = STRICT.treeToValue(documents.getFirst(), InferenceGraph.class);
        // What its webhook asks for (inference_graph_validation.go).
        assertThat(graph.metadata().getName()).matches("[a-z]([-a-z0-9]*[a-z0-9])?");
        assertThat(graph.spec().nodes()).containsOnlyKeys("root");
        InferenceGraph.Node root = Objects.requireNonNull(graph.spec().nodes().get("root"));
        assertThat(root.steps()).allSatisfy(step -> assertThat(step.targets()).isEqualTo(1));
        assertThat(root.steps()).extracting(InferenceGraph.Step::name).doesNotHaveDuplicates();

        assertThat(root.routerType()).isEqualTo(InferenceGraph.RouterType.Sequence);
        InferenceGraph.Step verdict = root.steps().get(0);
        InferenceGraph.Step classify = root.steps().get(1);
        assertThat(verdict.dependency()).isEqualTo(InferenceGraph.Dependency.Hard);
        assertThat(verdict.serviceUrl())
                .startsWith("http://" + name(documents.get(1)) + "-predictor.")
                .endsWith("/v2/models/fashion-mnist/infer");
        assertThat(classify.serviceName()).isEqualTo(name(documents.get(2)));
        assertThat(classify.data())
                .as("the images, and not what was said of them")
                .isEqualTo("$request");
        assertThat(classify.condition()).isNotBlank(); // InferenceGraphTest asks what it says
    }

    @Test
    void theServiceInKServesGraphLetsNoCallerChoose() throws IOException {
        JsonNode predictor = graph().get(1).at("/spec/predictor");
        Container container = STRICT.treeToValue(predictor.at("/containers/0"), Container.class);
        assertThat(settings(container))
                .contains("SURPRISAL_DECISION_CALLERS_CHOOSE")
                .isSubsetOf(known());
        assertThat(container.getEnv())
                .anySatisfy(variable -> assertThat(variable.getName() + "=" + variable.getValue())
                        .isEqualTo("SURPRISAL_DECISION_CALLERS_CHOOSE=false"));
    }

    private static List<JsonNode> graph() throws IOException {
        try (MappingIterator<JsonNode> documents = STRICT.readerFor(JsonNode.class)
                .readValues(
                        FOLDER.resolve("kserve").resolve("inference-graph.yaml").toFile())) {
            return documents.readAll();
        }
    }

    private static String name(JsonNode resource) {
        return resource.at("/metadata/name").asText();
    }

    @Test
    void anUnknownFieldOfAGraphIsRefused() {
        String manifest = "{spec: {nodes: {root: {routerType: Sequence, steps: [{serviceURL: \"http://a\"}]}}}}";
        assertThatExceptionOfType(JsonProcessingException.class)
                .isThrownBy(() -> STRICT.readValue(manifest, InferenceGraph.class))
                .withMessageContaining("serviceURL");
    }

    @Test
    void anUnknownFieldIsRefused() {
        String manifest = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, automountToken: true}";
        assertThatExceptionOfType(JsonProcessingException.class)
                .isThrownBy(() -> STRICT.readValue(manifest, ServiceAccount.class))
                .withMessageContaining("automountToken");
    }

    private static Set<String> settings(Container container) {
        return container.getEnv().stream()
                .map(variable -> variable.getName())
                .filter(name -> name.startsWith("SURPRISAL_"))
                .collect(Collectors.toSet());
    }

    private static Set<String> known() {
        return ConfigMappings.getProperties(ConfigClass.configClass(SurprisalConfig.class, "surprisal"))
                .keySet()
                .stream()
                .map(name ->
                        StringUtil.replaceNonAlphanumericByUnderscores(name).toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static PodSpec pod(String overlay) throws IOException, InterruptedException {
        return resources(overlay, Deployment.class)
                .map(deployment -> deployment.getSpec().getTemplate().getSpec())
                .findFirst()
                .orElseThrow();
    }

    private static Container surprisal(PodSpec pod) {
        return containers(pod).stream()
                .filter(container -> container.getImage().matches("surprisal(-stream)?:.*"))
                .findFirst()
                .orElseThrow();
    }

    private static List<Container> containers(PodSpec pod) {
        return Stream.of(pod.getInitContainers(), pod.getContainers())
                .flatMap(List::stream)
                .toList();
    }

    private static <T> Stream<T> resources(String overlay, Class<T> type) throws IOException, InterruptedException {
        return render(overlay).stream().filter(type::isInstance).map(type::cast);
    }

    /** Rendered once, and read by several tests several times. */
    private static List<HasMetadata> render(String overlay) throws IOException, InterruptedException {
        List<HasMetadata> before = RENDERED.get(overlay);
        if (before != null) {
            return before;
        }
        assumeTrue(hasKubectl(), "kubectl is not installed");
        Process kubectl = new ProcessBuilder(
                        "kubectl", "kustomize", FOLDER.resolve(overlay).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor()).isZero();
        List<HasMetadata> resources = new ArrayList<>();
        for (String document : rendered.split("\n---\n")) {
            JsonNode resource = STRICT.readTree(document);
            String kind = resource.get("apiVersion").asText() + " "
                    + resource.get("kind").asText();
            assertThat(KINDS).containsKey(kind);
            resources.add(STRICT.treeToValue(resource, KINDS.get(kind)));
        }
        RENDERED.put(overlay, resources);
        return resources;
    }

    private static boolean hasKubectl() {
        try {
            return new ProcessBuilder("kubectl", "version", "--client")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }
}
