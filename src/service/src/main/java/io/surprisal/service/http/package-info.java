/**
 * HTTP: {@code /v1/score}, {@code /v1/map} and {@code /v1/models}, and RFC 9457 problem details for all that goes wrong. Start with
 * {@link io.surprisal.service.http.ScoreResource}.
 */
@NullMarked
package io.surprisal.service.http;

import org.jspecify.annotations.NullMarked;
