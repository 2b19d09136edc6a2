@NullMarked
package io.surprisal.evaluation;

import org.jspecify.annotations.NullMarked;
