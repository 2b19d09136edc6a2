/**
 * gRPC: {@code surprisal.v1.Scoring}. Start with {@link io.surprisal.service.grpc.ScoringService}.
 */
@NullMarked
package io.surprisal.service.grpc;

import org.jspecify.annotations.NullMarked;
