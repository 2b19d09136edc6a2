/**
 * The Open Inference Protocol over gRPC. Start with {@link io.surprisal.service.oip.grpc.InferenceService}.
 */
@NullMarked
package io.surprisal.service.oip.grpc;

import org.jspecify.annotations.NullMarked;
