package io.surprisal.service.gate;

import io.surprisal.service.config.GateMode;
import io.surprisal.service.config.SurprisalConfig;
import io.surprisal.service.score.Choice;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The routes of the gate, the longest prefix first; the last one takes all.
 *
 * <p>A path that can be read in two ways ({@code ..}, {@code //}, an escape) is never let through unjudged: who answers it might read it
 * the other way.
 */
final class GateRoutes {
    private static final Pattern AMBIGUOUS = Pattern.compile("\\.\\.|//|[%;\\\\]|/\\./");

    private final List<GateRoute> routes;

    private GateRoutes(List<GateRoute> routes) {
        this.routes = routes;
    }

    /** Reads the settings. */
    static GateRoutes of(SurprisalConfig.Gate config) {
        Choice choice = new Choice(
                        config.model().orElse(null),
                        config.version().orElse(null),
                        config.statistic().orElse(null),
                        config.falsePositiveRate().isPresent()
                                ? config.falsePositiveRate().getAsDouble()
                                : null)
                .as(config.priority())
                .bySettings();
        GateRoute rest = new GateRoute("", config.mode(), config.onFailure(), config.deadline(), choice);
        Stream<GateRoute> own = config.routes().values().stream()
                .map(route -> new GateRoute(
                        route.path(),
                        route.mode().orElse(rest.mode()),
                        route.onFailure().orElse(rest.onFailure()),
                        route.deadline().orElse(rest.deadline()),
                        new Choice(
                                        route.model().orElse(choice.model()),
                                        route.version().orElse(choice.version()),
                                        route.statistic().orElse(choice.statistic()),
                                        route.falsePositiveRate().isPresent()
                                                ? Double.valueOf(route.falsePositiveRate()
                                                        .getAsDouble())
                                                : choice.falsePositiveRate())
                                .as(route.priority().orElse(config.priority()))
                                .bySettings()))
                .sorted(Comparator.comparing((GateRoute route) -> route.prefix().length())
                        .reversed());
        return new GateRoutes(Stream.concat(own, Stream.of(rest)).toList());
    }

    GateRoute of(String path) {
        boolean ambiguous = AMBIGUOUS.matcher(path).find();
        return routes.stream()
                .filter(route -> path.startsWith(route.prefix()))
                .filter(route -> route.prefix().isEmpty() || !(ambiguous && route.mode() == GateMode.PASS))
                .findFirst()
                .orElseThrow();
    }
}
