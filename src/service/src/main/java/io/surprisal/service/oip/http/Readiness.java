package io.surprisal.service.oip.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server, or a model, can answer.
 *
 * @param name of the model; left out for the server
 */
@Schema(name = "Readiness", requiredProperties = "ready")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Readiness(@Nullable String name, boolean ready) {}
