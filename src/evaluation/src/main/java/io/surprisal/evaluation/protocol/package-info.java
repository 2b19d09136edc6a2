/**
 * What is compared with what: which images are clean, which are attacked, where thresholds come from.
 *
 * <p>Start with {@link io.surprisal.evaluation.protocol.Evaluation}.
 */
@NullMarked
package io.surprisal.evaluation.protocol;

import org.jspecify.annotations.NullMarked;
