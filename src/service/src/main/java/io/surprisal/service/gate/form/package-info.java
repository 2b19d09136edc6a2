/**
 * Requests in, their images out, in every form that clients of classifiers send images in. Start with
 * {@link io.surprisal.service.gate.form.Forms}.
 */
@NullMarked
package io.surprisal.service.gate.form;

import org.jspecify.annotations.NullMarked;
