/**
 * {@code ./surprisal bench}: the service against a bare ONNX Runtime loop on the same model, threads and batch size, in one run, or beside
 * what else serves such a model ({@code PeersBench}). Start with {@link io.surprisal.service.bench.BenchCommand}.
 */
@NullMarked
package io.surprisal.service.bench;

import org.jspecify.annotations.NullMarked;
