/**
 * Reading JSON documents field by field, with errors that name the field, what was expected and what was found. By hand
 * and not by data binding, so that a native executable needs no reflection. Start with
 * {@link io.surprisal.detector.json.Fields}.
 */
@NullMarked
package io.surprisal.detector.json;

import org.jspecify.annotations.NullMarked;
