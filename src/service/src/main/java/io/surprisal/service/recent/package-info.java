/**
 * What was decided: the latest kept in memory for whoever watches, all of it written down where there is an audit trail. Start with {@link io.surprisal.service.recent.DecisionLog}.
 */
@NullMarked
package io.surprisal.service.recent;

import org.jspecify.annotations.NullMarked;
