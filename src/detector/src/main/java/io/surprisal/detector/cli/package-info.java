/** The detector on the command line. Start with {@link io.surprisal.detector.cli.ScoreCommand}. */
@NullMarked
package io.surprisal.detector.cli;

import org.jspecify.annotations.NullMarked;
