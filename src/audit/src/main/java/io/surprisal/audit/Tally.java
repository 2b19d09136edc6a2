package io.surprisal.audit;

/**
 * What a table holds.
 *
 * @param images rows
 * @param flagged rows whose image was flagged
 * @param errors rows whose file could not be judged
 */
public record Tally(long images, long flagged, long errors) {}
