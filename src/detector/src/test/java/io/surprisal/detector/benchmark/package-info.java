/** JMH benchmarks, run by {@code ./surprisal microbench}. */
@NullMarked
package io.surprisal.detector.benchmark;

import org.jspecify.annotations.NullMarked;
