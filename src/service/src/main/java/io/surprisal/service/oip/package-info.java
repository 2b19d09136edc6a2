/**
 * The Open Inference Protocol, version 2, whatever the transport: tensors in, tensors out. Start with
 * {@link io.surprisal.service.oip.Inference}; what its transports add is in the packages below.
 */
@NullMarked
package io.surprisal.service.oip;

import org.jspecify.annotations.NullMarked;
