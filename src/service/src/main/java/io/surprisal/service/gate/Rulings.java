package io.surprisal.service.gate;

import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.config.GateMode;
import io.surprisal.service.config.OnFailure;
import io.surprisal.service.gate.Ruling.Outcome;
import io.surprisal.service.http.Problem;
import io.surprisal.service.png.PngFile;
import io.surprisal.service.score.Failure;
import io.surprisal.service.score.Purified;
import io.surprisal.service.score.Scored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Verdicts and failures to rulings, by the policy of a route.
 *
 * <p>Only the gate's own failures open it. A request that cannot be judged for what it is, or whose images the model fails on, is not let
 * through by failing open: its sender could choose to make it so. Nor is one of a caller who makes too many.
 */
final class Rulings {
    private final boolean exposeScores;

    Rulings(boolean exposeScores) {
        this.exposeScores = exposeScores;
    }

    Ruling of(GateRoute route, Scored scored) {
        List<Verdict> verdicts = scored.verdicts();
        long flagged = verdicts.stream().filter(Verdict::flagged).count();
        Outcome outcome = flagged == 0 ? Outcome.ACCEPTED : Outcome.FLAGGED;
        Map<String, String> headers = headers(outcome);
        addScores(headers, verdicts);
        return flagged == 0 || route.mode() == GateMode.SHADOW
                ? new Ruling.Forward(outcome, headers)
                : new Ruling.Refuse(outcome, "flagged", detail(verdicts, flagged), headers);
    }

    Ruling of(GateRoute route, Failure failure) {
        Outcome outcome = switch (failure.kind()) {
            case UNREADABLE_IMAGE, INVALID_REQUEST, INFERENCE_FAILED -> Outcome.UNREADABLE;
            case RATE_LIMITED -> Outcome.LIMITED;
            case UNKNOWN_MODEL, OVERLOADED, DEADLINE_EXCEEDED, NOT_READY, BUNDLE_REFUSED, FORBIDDEN, UNEXPECTED ->
                Outcome.UNJUDGED;
        };
        String kind = failure.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return of(route, outcome, kind, failure.detail(), Problem.headers(failure));
    }

    /** A likelier image that is accepted goes on in place of one that was flagged. */
    Ruling purified(Purified purified) {
        Map<String, String> headers = headers(Outcome.PURIFIED);
        addScores(headers, List.of(purified.after()));
        return new Ruling.Forward(Outcome.PURIFIED, headers, PngFile.of(purified.image(), 0));
    }

    Ruling late(GateRoute route) {
        return of(
                route,
                Outcome.UNJUDGED,
                "deadline-exceeded",
                "the images were not judged within " + route.deadline().toMillis() + " ms",
                Map.of());
    }

    private void addScores(Map<String, String> headers, List<Verdict> verdicts) {
        if (exposeScores) {
            headers.put(
                    Ruling.P_VALUE,
                    each(
                            verdicts,
                            verdict -> verdict.assessment().decisive().pValue().value()));
            headers.put(
                    Ruling.BITS_PER_DIMENSION,
                    each(
                            verdicts,
                            verdict -> verdict.assessment().logLikelihood().bitsPerDimension()));
        }
    }

    /** @param refusal headers of one */
    private static Ruling of(
            GateRoute route, Outcome outcome, String kind, String detail, Map<String, String> refusal) {
        boolean open = outcome == Outcome.UNJUDGED && route.onFailure() == OnFailure.OPEN;
        Map<String, String> headers = headers(outcome);
        if (open || route.mode() == GateMode.SHADOW) {
            return new Ruling.Forward(outcome, headers);
        }
        headers.putAll(refusal);
        return new Ruling.Refuse(outcome, kind, detail, headers);
    }

    private String detail(List<Verdict> verdicts, long flagged) {
        String refused = verdicts.size() == 1
                ? "the image was refused"
                : "%d of %d images were refused".formatted(flagged, verdicts.size());
        return exposeScores
                ? verdicts.stream()
                        .filter(Verdict::flagged)
                        .map(Verdict::reason)
                        .collect(Collectors.joining("; ", refused + ": ", ""))
                : refused;
    }

    private static Map<String, String> headers(Outcome outcome) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(Ruling.VERDICT, outcome.name().toLowerCase(Locale.ROOT));
        return headers;
    }

    private static String each(List<Verdict> verdicts, ToDoubleFunction<Verdict> value) {
        return verdicts.stream()
                .map(verdict -> String.format(Locale.ROOT, "%.6g", value.applyAsDouble(verdict)))
                .collect(Collectors.joining(", "));
    }
}
