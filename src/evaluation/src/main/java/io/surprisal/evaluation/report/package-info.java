/**
 * The outcome of an evaluation as records, and as JSON, CSV, HTML, pictures and a console table.
 *
 * <p>Start with {@link io.surprisal.evaluation.report.EvaluationReport}.
 */
@NullMarked
package io.surprisal.evaluation.report;

import org.jspecify.annotations.NullMarked;
