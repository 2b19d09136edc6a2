@NullMarked
package io.surprisal.evaluation.cli;

import org.jspecify.annotations.NullMarked;
