/**
 * The Open Inference Protocol over HTTP, with the binary tensor extension. Start with
 * {@link io.surprisal.service.oip.http.InferResource}.
 */
@NullMarked
package io.surprisal.service.oip.http;

import org.jspecify.annotations.NullMarked;
