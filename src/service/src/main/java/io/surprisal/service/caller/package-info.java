/** Who requests are from, and how urgent they are. */
@NullMarked
package io.surprisal.service.caller;

import org.jspecify.annotations.NullMarked;
