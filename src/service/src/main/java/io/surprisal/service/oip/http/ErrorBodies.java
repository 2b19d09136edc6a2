package io.surprisal.service.oip.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.surprisal.service.http.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Below {@code /v2} a problem is said in the protocol's words: an object with the one member {@code error}. The status stays. */
final class ErrorBodies {
    /** What the protocol answers with when there is no answer. */
    @RegisterForReflection
    record ErrorBody(String error) {}

    @ServerResponseFilter
    void inTheProtocolsWords(ContainerRequestContext request, ContainerResponseContext response) {
        String path = request.getUriInfo().getPath();
        if (response.getEntity() instanceof Problem problem && (path.equals("/v2") || path.startsWith("/v2/"))) {
            response.setEntity(new ErrorBody(problem.detail()));
            response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_TYPE);
        }
    }
}
