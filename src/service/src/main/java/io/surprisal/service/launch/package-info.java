/**
 * The packaged service as a child process, for programs that need one to talk to. One class:
 * {@link io.surprisal.service.launch.ServiceProcess}.
 */
@NullMarked
package io.surprisal.service.launch;

import org.jspecify.annotations.NullMarked;
