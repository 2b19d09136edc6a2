/** Tests of the audit's command line. */
@NullMarked
package io.surprisal.audit.cli;

import org.jspecify.annotations.NullMarked;
