package io.surprisal.service.oip.http;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** That the server can answer at all. */
@Schema(name = "Liveness")
public record Liveness(boolean live) {}
