/**
 * The gate as Envoy asks for it: external processing and external authorisation. Start with
 * {@link io.surprisal.service.gate.envoy.ExternalProcessorService}.
 */
@NullMarked
package io.surprisal.service.gate.envoy;

import org.jspecify.annotations.NullMarked;
