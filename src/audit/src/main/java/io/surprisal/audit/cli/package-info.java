/** The audit on the command line. Start with {@link io.surprisal.audit.cli.AuditCommand}. */
@NullMarked
package io.surprisal.audit.cli;

import org.jspecify.annotations.NullMarked;
