/**
 * Encoded images in, verdicts out, whatever the transport. Start with {@link io.surprisal.service.score.Scoring}; what can go wrong
 * is listed in {@link io.surprisal.service.score.Failure}.
 */
@NullMarked
package io.surprisal.service.score;

import org.jspecify.annotations.NullMarked;
