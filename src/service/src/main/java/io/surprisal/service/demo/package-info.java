/**
 * {@code ./surprisal demo}: the shipped model judging the sample images, over both transports. Start with
 * {@link io.surprisal.service.demo.DemoCommand}.
 */
@NullMarked
package io.surprisal.service.demo;

import org.jspecify.annotations.NullMarked;
