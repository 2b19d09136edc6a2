/**
 * A folder to the parts of a detector, each check of the bundle contract made once, here. In: a folder. Out:
 * {@link io.surprisal.detector.bundle.Bundle}, or a {@link io.surprisal.detector.bundle.BundleException} that names the
 * clause. {@link io.surprisal.detector.bundle.BundleWriter} writes the same folder.
 */
@NullMarked
package io.surprisal.detector.bundle;

import org.jspecify.annotations.NullMarked;
