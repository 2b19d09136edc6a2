/**
 * Images to likelier images near them, by a model that can only be asked. Start with
 * {@link io.surprisal.detector.purify.ParallelPurifier}.
 */
@NullMarked
package io.surprisal.detector.purify;

import org.jspecify.annotations.NullMarked;
