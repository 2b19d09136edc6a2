/**
 * Folders in, models that may serve out. Start with {@link io.surprisal.service.model.ModelCatalogue}.
 */
@NullMarked
package io.surprisal.service.model;

import org.jspecify.annotations.NullMarked;
