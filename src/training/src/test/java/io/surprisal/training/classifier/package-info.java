@NullMarked
package io.surprisal.training.classifier;

import org.jspecify.annotations.NullMarked;
