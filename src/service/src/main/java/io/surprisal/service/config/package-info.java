/**
 * Every setting of the service, in one tree: {@link io.surprisal.service.config.SurprisalConfig}.
 */
@NullMarked
package io.surprisal.service.config;

import org.jspecify.annotations.NullMarked;
