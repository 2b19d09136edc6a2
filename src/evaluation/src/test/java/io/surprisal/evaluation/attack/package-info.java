@NullMarked
package io.surprisal.evaluation.attack;

import org.jspecify.annotations.NullMarked;
