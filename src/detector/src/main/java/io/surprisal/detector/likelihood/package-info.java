/**
 * The chain rule. In: {@code Conditionals}. Out: {@link io.surprisal.detector.likelihood.LogLikelihood}, in nats, and
 * the only place where nats become bits per dimension. Start with {@link io.surprisal.detector.likelihood.ChainRule}.
 */
@NullMarked
package io.surprisal.detector.likelihood;

import org.jspecify.annotations.NullMarked;
