package io.surprisal.service.http;

import io.quarkus.arc.Unremovable;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The description of the API, as the build wrote it. Quarkus would parse it at each start and write it out again, as JSON and as YAML,
 * for filters that run then; there are none here, and a sixth of a start is saved.
 */
@Alternative
@Priority(1)
@Singleton
@Unremovable
class OpenApiDocuments extends OpenApiDocumentService {

    OpenApiDocuments() {
        // What is to be parsed is looked for there, right after this.
        OpenApiConstants.classLoader = new Empty();
    }

    /** The description, in UTF-8. There is only one, whatever the name. */
    @Override
    public byte[] getDocument(String name, Format format) {
        String resource = OpenApiConstants.BASE_NAME + "." + format;
        try (InputStream written = OpenApiDocuments.class.getClassLoader().getResourceAsStream(resource)) {
            if (written == null) {
                throw new IllegalStateException("expected the build to have written " + resource);
            }
            return written.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has nothing. In an executable, Java's own loaders all find what it carries. */
    private static final class Empty extends ClassLoader {
        Empty() {
            super(null);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            return null;
        }
    }
}
