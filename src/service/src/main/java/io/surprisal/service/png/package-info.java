/**
 * Pixels in, PNG files out, without AWT, which a native executable does not have. One class:
 * {@link io.surprisal.service.png.PngFile}.
 */
@NullMarked
package io.surprisal.service.png;

import org.jspecify.annotations.NullMarked;
