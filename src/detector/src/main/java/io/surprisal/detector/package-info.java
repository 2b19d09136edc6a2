/**
 * Image bytes to verdict. In: the bytes of image files and a bundle. Out: one
 * {@link io.surprisal.detector.verdict.Verdict} an image. Start with {@link io.surprisal.detector.Detector}; the body
 * of its {@code examine} is the map of the packages below.
 */
@NullMarked
package io.surprisal.detector;

import org.jspecify.annotations.NullMarked;
