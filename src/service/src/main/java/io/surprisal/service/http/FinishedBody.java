package io.surprisal.service.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * An answer that is already bytes, and is sent as it is.
 *
 * <p>The framework would have Jackson write what may be JSON, on the event loop and through a stream. The worker that has just judged the
 * images does it better: its core is awake and its caches are warm, while an event loop that waits for a lone caller's model run has
 * neither.
 *
 * @param bytes the whole body; not to be written to
 */
@JsonSerialize(using = FinishedBody.ByJackson.class)
public record FinishedBody(byte[] bytes) {
    /** An answer as JSON. */
    static FinishedBody json(ObjectMapper json, Object answer) {
        try {
            return new FinishedBody(json.writeValueAsBytes(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("expected an answer that can be written as JSON", e);
        }
    }

    /** Sends one. */
    @Provider
    static final class Writer implements ServerMessageBodyWriter<FinishedBody> {
        @Override
        public boolean isWriteable(
                Class<?> type, Type genericType, ResteasyReactiveResourceInfo target, MediaType mediaType) {
            return type == FinishedBody.class;
        }

        @Override
        public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
            return type == FinishedBody.class;
        }

        @Override
        public void writeResponse(FinishedBody body, Type genericType, ServerRequestContext context) {
            context.serverResponse().end(body.bytes());
        }

        @Override
        public void writeTo(
                FinishedBody body,
                Class<?> type,
                Type genericType,
                Annotation[] annotations,
                MediaType mediaType,
                MultivaluedMap<String, Object> headers,
                OutputStream stream)
                throws IOException {
            stream.write(body.bytes());
        }
    }

    /** Sends one where the framework insists on Jackson: for a method that chooses its media type. Jackson would put bytes into base64. */
    static final class ByJackson extends JsonSerializer<FinishedBody> {
        @Override
        public void serialize(FinishedBody body, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (!(json.getOutputTarget() instanceof OutputStream stream)) {
                throw new IllegalStateException("expected a body to be written as bytes");
            }
            stream.write(body.bytes());
        }
    }
}
