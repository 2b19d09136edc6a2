@NullMarked
package io.surprisal.evaluation.metric;

import org.jspecify.annotations.NullMarked;
