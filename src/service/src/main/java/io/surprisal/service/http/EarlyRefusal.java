package io.surprisal.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.service.config.SurprisalConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers a request before a byte of its body is read: with problem details, or with what the Open Inference Protocol calls an error. */
@Singleton
public final class EarlyRefusal {
    private static final String JSON = "application/json";
    /** RFC 9113, section 7. */
    private static final long CANCEL = 8;

    private static final long SPARE_BYTES = 256L * 1024 * 1024;

    private final long limit;
    private final ObjectMapper json;

    EarlyRefusal(SurprisalConfig config, ObjectMapper json) {
        this.limit = config.limits().body().asLongValue();
        this.json = json;
    }

    /** Answers, and lets what is on its way go by. */
    public void send(RoutingContext context, Problem problem) {
        boolean openInference = context.normalizedPath().startsWith("/v2/");
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, openInference ? JSON : Problem.MEDIA_TYPE)
                .end(text(openInference ? Map.of("error", problem.detail()) : problem));
        // Closing now would reset the connection, and the caller would never see the answer: unless the body is out of
        // all proportion, it is received and thrown away.
        long most = limit + SPARE_BYTES;
        if (length(context) > most) {
            cutOff(context);
            return;
        }
        long[] received = {0};
        context.request()
                .handler(chunk -> {
                    received[0] += chunk.length();
                    if (received[0] > most) {
                        cutOff(context);
                    }
                })
                .resume();
    }

    /** Over HTTP/2 a connection may be shared by callers who have done nothing. */
    private static void cutOff(RoutingContext context) {
        if (context.request().version() == HttpVersion.HTTP_2) {
            context.response().reset(CANCEL);
        } else {
            context.request().connection().close();
        }
    }

    /** How long a request says its body is; 0 where it does not say. */
    static long length(RoutingContext context) {
        @Nullable String header = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return 0; // the HTTP codec refuses it
        }
    }

    private String text(Object problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("expected problem details to be writable as JSON", e);
        }
    }
}
