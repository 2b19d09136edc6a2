/** Verdicts and drift as CloudEvents, sent to whoever else wants to know. */
@NullMarked
package io.surprisal.service.event;

import org.jspecify.annotations.NullMarked;
