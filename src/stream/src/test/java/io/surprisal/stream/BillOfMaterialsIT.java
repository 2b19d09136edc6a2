package io.surprisal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What can go wrong: something is shipped under a licence that does not allow it. */
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
            "MIT-0");

    @Test
    void everyLibraryThatIsShippedHasALicenceThatAllowsIt() throws IOException {
        JsonNode bill = new ObjectMapper()
                .readTree(StreamProcess.PROGRAM
                        .resolve("../../quarkus-run-cyclonedx.json")
                        .normalize()
                        .toFile());
        List<String> shipped = new ArrayList<>();
        List<String> notAllowed = new ArrayList<>();
        for (JsonNode component : bill.path("components")) {
            String url = component.path("purl").asText();
            if (url.startsWith("pkg:maven/") && !url.startsWith("pkg:maven/io.surprisal/") && isShipped(component)) {
                shipped.add(url);
                if (elements(component.path("licenses")).noneMatch(choice -> ALLOWED.contains(licence(choice)))) {
                    notAllowed.add(url);
                }
            }
        }
        assertThat(shipped).hasSizeGreaterThan(100).anyMatch(url -> url.contains("kafka-clients"));
        assertThat(notAllowed).isEmpty();
    }

    private static boolean isShipped(JsonNode component) {
        return elements(component.path("properties"))
                .anyMatch(property -> property.path("name").asText().equals("quarkus:component:scope")
                        && property.path("value").asText().equals("runtime"));
    }

    private static String licence(JsonNode choice) {
        JsonNode licence = choice.path("license");
        return licence.path("id").asText(licence.path("name").asText());
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
