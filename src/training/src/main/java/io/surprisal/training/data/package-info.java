/**
 * Folders of IDX files, CIFAR binary records or image files in, {@link io.surprisal.training.data.ImageSet}s out.
 *
 * <p>Start with {@link io.surprisal.training.data.DataFolder}.
 */
@NullMarked
package io.surprisal.training.data;

import org.jspecify.annotations.NullMarked;
