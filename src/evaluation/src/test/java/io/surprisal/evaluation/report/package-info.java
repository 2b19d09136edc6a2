@NullMarked
package io.surprisal.evaluation.report;

import org.jspecify.annotations.NullMarked;
