/**
 * The page for people at {@code /}, and the stream of decisions it shows. Start with
 * {@link io.surprisal.service.console.LiveResource}; the page itself lies among the resources, in {@code console/}.
 */
@NullMarked
package io.surprisal.service.console;

import org.jspecify.annotations.NullMarked;
