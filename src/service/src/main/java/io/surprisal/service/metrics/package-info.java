/**
 * The numbers at {@code /q/metrics} that are not Quarkus's own; every name starts with {@code surprisal}.
 */
@NullMarked
package io.surprisal.service.metrics;

import org.jspecify.annotations.NullMarked;
