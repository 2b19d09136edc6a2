/**
 * Levels of single requests in, conditionals of the same requests out; in between, images of different callers share one run of the
 * model. Start with {@link io.surprisal.service.batch.Batcher}.
 */
@NullMarked
package io.surprisal.service.batch;

import org.jspecify.annotations.NullMarked;
