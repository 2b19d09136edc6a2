package io.surprisal.service.http;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.surprisal.service.config.SurprisalConfig;
import jakarta.inject.Singleton;

/** Lets one JSON string be as long as a body may be: an image in base64 is longer than the parser takes by default. */
@Singleton
final class JsonLimits implements ObjectMapperCustomizer {
    private final int longestString;

    JsonLimits(SurprisalConfig config) {
        this.longestString = Math.toIntExact(config.limits().body().asLongValue());
    }

    @Override
    public void customize(ObjectMapper json) {
        json.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(longestString)
                        .build());
    }
}
