@NullMarked
package io.surprisal.evaluation.protocol;

import org.jspecify.annotations.NullMarked;
