package io.surprisal.service.gate;

import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Headers on their way through: all but those that belong to one connection (RFC 9110, 7.6.1), and those that only the gate may set. */
final class ProxyHeaders {
    private static final String GATES_OWN = "x-surprisal-";
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    private ProxyHeaders() {}

    /** What goes on of {@code headers}, with the ruling's. */
    static MultiMap through(MultiMap headers, Map<String, String> ruling) {
        Set<String> named = new HashSet<>(HOP_BY_HOP);
        headers.getAll("connection")
                .forEach(value -> Arrays.stream(value.split(","))
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .forEach(named::add));
        MultiMap through = MultiMap.caseInsensitiveMultiMap();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!named.contains(lower) && !lower.startsWith(":") && !lower.startsWith(GATES_OWN)) {
                through.add(name, value);
            }
        });
        // gRPC's own, about what the caller can read and not about its connection.
        if (headers.contains("te", "trailers", true)) {
            through.set("te", "trailers");
        }
        ruling.forEach(through::set);
        return through;
    }

    /** The names of headers that are there more than once. */
    static Set<String> repeated(MultiMap headers) {
        return headers.names().stream()
                .filter(name -> headers.getAll(name).size() > 1)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }
}
