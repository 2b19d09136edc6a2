/**
 * The gate in front of a classifier: requests in, and only those whose images are clean go on. Start with
 * {@link io.surprisal.service.gate.Gate}, which decides; {@link io.surprisal.service.gate.GateServer} is the reverse proxy around it.
 */
@NullMarked
package io.surprisal.service.gate;

import org.jspecify.annotations.NullMarked;
