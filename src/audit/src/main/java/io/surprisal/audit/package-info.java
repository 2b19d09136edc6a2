/**
 * Image files by the million: a folder in, a table of verdicts out. Start with {@link io.surprisal.audit.Audit}.
 *
 * <p>Spark hands out the files and writes the table; each image is judged by the same {@link io.surprisal.detector.Detector} as
 * everywhere, one in each process. Nothing else in the project knows Spark. Tables become calibrations in
 * {@link io.surprisal.audit.TableCalibration}.
 */
@NullMarked
package io.surprisal.audit;

import org.jspecify.annotations.NullMarked;
