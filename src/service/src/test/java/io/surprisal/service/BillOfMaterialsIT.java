package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can go wrong: something is shipped that the bill of materials does not name, or whose licence does not allow it. */
class BillOfMaterialsIT {
    /** Those that let a program under Apache-2.0 ship the library as it is. */
    private static final Set<String> ALLOWED = Set.of(
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-2.0",
            "GPL-2.0-with-classpath-exception",
            "MIT",
            "MIT-0",
            "UPL-1.0");

    private static final Path TARGET =
            PackagedServiceIT.PROGRAM.toAbsolutePath().resolve("../..").normalize();

    @Test
    void everyJarThatIsShippedIsNamedUnderALicenceThatAllowsIt() throws IOException {
        Path bill = TARGET.resolve("quarkus-run-cyclonedx.json");
        assumeThat(PackagedServiceIT.PROGRAM.toString()).as("a jar").endsWith(".jar");
        JsonNode root = new ObjectMapper().readTree(bill.toFile());
        assertThat(root.path("bomFormat").asText()).isEqualTo("CycloneDX");
        Set<String> named = new TreeSet<>();
        List<String> notAllowed = new ArrayList<>();
        int shipped = 0;
        for (JsonNode component : root.path("components")) {
            named.add("%s.%s-%s.jar"
                    .formatted(
                            component.path("group").asText(),
                            component.path("name").asText(),
                            component.path("version").asText()));
            boolean isShipped = isShipped(component);
            shipped += isShipped ? 1 : 0;
            if (isShipped
                    && !component.path("group").asText().equals("io.surprisal")
                    && licences(component).stream().noneMatch(ALLOWED::contains)) {
                notAllowed.add(component.path("purl").asText() + " " + licences(component));
            }
        }
        assertThat(shipped).isGreaterThan(100);
        assertThat(notAllowed).isEmpty();
        try (Stream<Path> jars = Files.walk(TARGET.resolve("quarkus-app").resolve("lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()).filter(name -> name.endsWith(".jar")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(named).contains(name));
        }
    }

    /** Not what the build makes itself, and not what it is made with. */
    private static boolean isShipped(JsonNode component) {
        for (JsonNode property : component.path("properties")) {
            if (property.path("name").asText().equals("quarkus:component:scope")) {
                return property.path("value").asText().equals("runtime")
                        && component.path("purl").asText().startsWith("pkg:maven/");
            }
        }
        return false;
    }

    private static Set<String> licences(JsonNode component) {
        Set<String> licences = new TreeSet<>();
        for (JsonNode choice : component.path("licenses")) {
            JsonNode licence = choice.path("license");
            licences.add(
                    licence.hasNonNull("id")
                            ? licence.path("id").asText()
                            : licence.path("name").asText());
        }
        return licences;
    }
}
