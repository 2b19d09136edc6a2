/**
 * Who may call the service: keys, asked for over HTTP and gRPC before anything of a request is read. Start with
 * {@link io.surprisal.service.access.Credentials}.
 */
@NullMarked
package io.surprisal.service.access;

import org.jspecify.annotations.NullMarked;
