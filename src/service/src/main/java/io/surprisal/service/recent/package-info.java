/**
 * What was decided lately, kept in memory for whoever watches. Start with {@link io.surprisal.service.recent.DecisionLog}.
 */
@NullMarked
package io.surprisal.service.recent;

import org.jspecify.annotations.NullMarked;
