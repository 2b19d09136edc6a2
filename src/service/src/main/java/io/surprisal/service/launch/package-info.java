/**
 * The packaged service as a child process, for programs that need one to talk to, and programs of others from PyPI.
 * Start with {@link io.surprisal.service.launch.ServiceProcess}.
 */
@NullMarked
package io.surprisal.service.launch;

import org.jspecify.annotations.NullMarked;
