/**
 * Encoded image in, {@link io.surprisal.detector.image.Pixels} out: PNG and JPEG, read without AWT or ImageIO, which a
 * native executable does not have. Start with {@link io.surprisal.detector.image.ImageDecoder}.
 *
 * <pre>
 * bytes ─ FileFormat ─┬ PngParser ─ PngParts ─ PngScanlines (inflate, unfilter) ─ PngExpander ─────────────┬ Pixels
 *                     └ JpegDecoder ─ JpegScanDecoder (Huffman) ─ JpegPlane (inverse DCT) ─ JpegAssembler ─┘
 * </pre>
 *
 * <p>All of it is written for hostile input: every path ends in {@code Pixels} or in an
 * {@link io.surprisal.detector.image.UnreadableImageException}, sizes are checked before memory is taken, and where two
 * decoders could see different images in one file (transparency, animation, unfinished scans) the file is refused
 * rather than interpreted: what the detector judges has to be what the classifier sees.
 */
@NullMarked
package io.surprisal.detector.image;

import org.jspecify.annotations.NullMarked;
