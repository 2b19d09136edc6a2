@NullMarked
package io.surprisal.evaluation.score;

import org.jspecify.annotations.NullMarked;
