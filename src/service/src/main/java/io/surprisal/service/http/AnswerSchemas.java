package io.surprisal.service.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jspecify.annotations.Nullable;

/**
 * Describes what the types of answers do not say: that nothing is left out, and that a number in a list may be null, since JSON has none
 * that is not finite. A schema that says itself what is required is left as it is.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class AnswerSchemas implements OASFilter {
    @Override
    public void filterOpenAPI(OpenAPI description) {
        description.getComponents().getSchemas().values().forEach(AnswerSchemas::complete);
    }

    private static void complete(Schema schema) {
        @Nullable Map<String, Schema> properties = schema.getProperties();
        @Nullable List<String> required = schema.getRequired();
        if (properties == null || (required != null && !required.isEmpty())) {
            return;
        }
        properties.forEach((name, property) -> {
            if (!is(property, SchemaType.NULL)) {
                schema.addRequired(name);
            }
            @Nullable Schema items = property.getItems();
            if (items != null && is(items, SchemaType.NUMBER)) {
                items.addType(SchemaType.NULL);
            }
        });
    }

    private static boolean is(Schema schema, SchemaType type) {
        return schema.getType() != null && schema.getType().contains(type);
    }
}
