package io.surprisal.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * The methods that a path knows, by the description of the API, in the header {@code Allow}: RFC 9110 wants it with every 405, where the
 * framework has none, and to OPTIONS the framework names the methods of other paths too. Thread-safe.
 */
final class AllowedMethods {
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

    private final OpenApiDocuments documents;
    private final ObjectMapper json;
    /** Read when somebody needs it, which most services never do. */
    private volatile @Nullable Map<Pattern, String> methods;

    AllowedMethods(OpenApiDocuments documents, ObjectMapper json) {
        this.documents = documents;
        this.json = json;
    }

    @ServerResponseFilter
    void inTheHeader(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() == METHOD_NOT_ALLOWED || request.getMethod().equals("OPTIONS")) {
            response.getHeaders()
                    .putSingle(HttpHeaders.ALLOW, of(request.getUriInfo().getPath()));
        }
    }

    private String of(String path) {
        Map<Pattern, String> known = methods;
        if (known == null) {
            known = read();
            methods = known;
        }
        return known.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("OPTIONS");
    }

    private Map<Pattern, String> read() {
        try {
            Map<Pattern, String> read = new LinkedHashMap<>();
            JsonNode paths =
                    json.readTree(documents.getDocument("", Format.JSON)).path("paths");
            paths.propertyStream()
                    .forEach(path -> read.put(
                            Pattern.compile(PARAMETER.matcher(path.getKey()).replaceAll("[^/]+")),
                            header(path.getValue())));
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the build wrote it
        }
    }

    private static String header(JsonNode operations) {
        List<String> methods = new ArrayList<>();
        operations.fieldNames().forEachRemaining(method -> methods.add(method.toUpperCase(Locale.ROOT)));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }
}
