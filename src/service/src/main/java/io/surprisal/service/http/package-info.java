/**
 * HTTP: {@code /v1/score}, {@code /v1/map}, {@code /v1/explain}, {@code /v1/purify} and {@code /v1/models}, and RFC 9457 problem details
 * for all that goes wrong. Start with {@link io.surprisal.service.http.ScoreResource}; {@code ScoreRoute} is its short cut.
 */
@NullMarked
package io.surprisal.service.http;

import org.jspecify.annotations.NullMarked;
