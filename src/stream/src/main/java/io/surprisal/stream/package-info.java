/**
 * Images from a Kafka topic to verdicts in another. Start with {@link io.surprisal.stream.ImageStream}.
 *
 * <p>A program of its own beside the service, so that nobody who wants a gate carries a Kafka client; it judges by the same
 * {@link io.surprisal.detector.Detector}. Polls, offsets and the format of the events are the Kafka connector's of Quarkus (SmallRye
 * Reactive Messaging), set in {@code application.properties}.
 */
@NullMarked
package io.surprisal.stream;

import org.jspecify.annotations.NullMarked;
