package io.surprisal.service.gate;

import io.surprisal.service.config.GateMode;
import io.surprisal.service.config.OnFailure;
import io.surprisal.service.score.Choice;
import java.time.Duration;

/**
 * How requests below a path are dealt with.
 *
 * @param prefix what their path starts with
 * @param mode whether they are judged, and what a verdict does
 * @param onFailure what becomes of them when the gate itself fails
 * @param deadline how long the gate may take
 * @param choice the model and the decision
 */
record GateRoute(String prefix, GateMode mode, OnFailure onFailure, Duration deadline, Choice choice) {}
