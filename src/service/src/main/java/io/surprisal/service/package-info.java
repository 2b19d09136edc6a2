/**
 * The Quarkus edges of the detector. A request comes in through {@code http} or {@code grpc}, {@code score} finds its model and
 * decodes its images, {@code batch} joins it with other callers' images and evaluates them, and the verdicts go back the way they
 * came. {@code model} holds the bundles being served, {@code health} and {@code metrics} say how it goes. Start with
 * {@link io.surprisal.service.score.Scoring}.
 */
@NullMarked
package io.surprisal.service;

import org.jspecify.annotations.NullMarked;
