/**
 * Trained weights in, a bundle folder out: exported, compared, calibrated, hashed, described.
 *
 * <p>Start with {@link io.surprisal.training.bundle.BundleWriter}.
 */
@NullMarked
package io.surprisal.training.bundle;

import org.jspecify.annotations.NullMarked;
