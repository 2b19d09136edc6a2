package io.surprisal.service.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.surprisal.service.config.SurprisalConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can go wrong: more is taken than is allowed, somebody pays for another, or each address that ever called is remembered. */
class RequestRateTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Clock clock = new Clock();

    /** Time that passes when the test says so. */
    private static final class Clock implements TimeMeter {
        private long nanos = 1_000;

        void pass(Duration time) {
            nanos += time.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    private RequestRate rate(double perSecond, int burst) {
        return new RequestRate(Optional.of(new RatePolicy(perSecond, burst)), clock, registry);
    }

    private static boolean takes(RequestRate rate, String caller) {
        try {
            rate.take(caller);
            return true;
        } catch (RateExceededException e) {
            return false;
        }
    }

    private static int taken(RequestRate rate, String caller, int requests) {
        int taken = 0;
        for (int i = 0; i < requests; i++) {
            taken += takes(rate, caller) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aCallerMayMakeABurstAndThenAsManyAsTheRateGives() {
        RequestRate rate = rate(10, 5);
        assertThat(taken(rate, "a", 20)).isEqualTo(5);
        clock.pass(Duration.ofMillis(300));
        assertThat(taken(rate, "a", 20)).isEqualTo(3);
        clock.pass(Duration.ofHours(1));
        assertThat(taken(rate, "a", 20)).as("no more is saved up than a burst").isEqualTo(5);
        assertThat(registry.counter("surprisal.requests.limited").count()).isEqualTo(15 + 17 + 15);
    }

    @Test
    void aRateMayBeAFraction() {
        RequestRate rate = rate(0.1, 1);
        assertThat(taken(rate, "a", 2)).isEqualTo(1);
        clock.pass(Duration.ofMillis(9_999));
        assertThat(takes(rate, "a")).isFalse();
        clock.pass(Duration.ofMillis(1));
        assertThat(takes(rate, "a")).isTrue();
    }

    @Test
    void callersDoNotPayForEachOther() {
        RequestRate rate = rate(1, 2);
        assertThat(taken(rate, "a", 100)).isEqualTo(2);
        assertThat(taken(rate, "b", 100)).isEqualTo(2);
        assertThat(taken(rate, "", 100)).as("whom nobody knows").isEqualTo(2);
    }

    @Test
    void whoIsRefusedIsToldWhenTheNextRequestIsTaken() {
        RequestRate rate = rate(4, 1);
        rate.take("a");
        clock.pass(Duration.ofMillis(100));
        RateExceededException refused = catchThrowableOfType(RateExceededException.class, () -> rate.take("a"));
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofMillis(150));
        assertThat(refused.policy().header()).isEqualTo("\"requests\";q=1;w=1");
        clock.pass(refused.retryAfter().minusNanos(1));
        assertThat(takes(rate, "a")).isFalse();
        clock.pass(Duration.ofNanos(1));
        assertThat(takes(rate, "a")).isTrue();
    }

    @Test
    void aMillionCallersAreNotAllRemembered() {
        RequestRate rate = rate(1, 1);
        for (int caller = 0; caller < 1_000_000; caller++) {
            rate.take("caller " + caller);
        }
        assertThat(rate.callers()).isEqualTo(RequestRate.MOST_CALLERS);
        assertThat(takes(rate, "caller 999999")).as("one of the last").isFalse();
        assertThat(takes(rate, "caller 0")).as("one that was forgotten").isTrue();
    }

    @Test
    void whoCallsAllTheTimeIsNotForgottenForOthers() {
        RequestRate rate = rate(1, 1);
        rate.take("a");
        for (int caller = 0; caller < 100_000; caller++) {
            rate.take("caller " + caller);
            if (caller % 10_000 == 0) {
                assertThat(takes(rate, "a")).isFalse();
            }
        }
    }

    @Test
    void withoutASettingNobodyIsRefusedOrRemembered() {
        RequestRate rate = new RequestRate(Optional.empty(), clock, registry);
        assertThat(taken(rate, "a", 10_000)).isEqualTo(10_000);
        assertThat(rate.callers()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1.0E-5 to",
        "-1, 1, 1.0E-5 to",
        "1e-6, 1, 1.0E-5 to",
        "NaN, 1, 1.0E-5 to",
        "1e7, 1, to 1000000.0",
        "Infinity, 1, to 1000000.0",
        "1, 0, 1 or more"
    })
    void aPolicyThatIsNoneIsRefused(double perSecond, int burst, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RatePolicy(perSecond, burst))
                .withMessageContaining(expected);
    }

    @Test
    void theLeastRateAndTheLargestBurstAreCountedToo() {
        RequestRate rate = rate(1e-5, Integer.MAX_VALUE);
        assertThat(taken(rate, "a", 1_000)).isEqualTo(1_000);
        RequestRate least = rate(1e-5, 1);
        assertThat(taken(least, "a", 2)).isEqualTo(1);
        clock.pass(Duration.ofSeconds(99_999));
        assertThat(takes(least, "a")).isFalse();
        clock.pass(Duration.ofSeconds(1));
        assertThat(takes(least, "a")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"20, 20", "0.5, 1", "2.5, 3"})
    void whereNoBurstIsSetItIsWhatComesInASecond(String rate, int burst) {
        assertThat(RatePolicy.of(limits(Map.of("surprisal.limits.requests-per-second", rate))))
                .hasValue(new RatePolicy(Double.parseDouble(rate), burst));
    }

    @Test
    void nothingSetIsNoPolicyAndABurstAloneIsRefused() {
        assertThat(RatePolicy.of(limits(Map.of()))).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RatePolicy.of(limits(Map.of("surprisal.limits.request-burst", "5"))))
                .withMessageContaining("surprisal.limits.requests-per-second");
    }

    private static SurprisalConfig.Limits limits(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("surprisal.limits.body", "64K"); // as all of application.properties, not read here
        return new SmallRyeConfigBuilder()
                .withMapping(SurprisalConfig.class)
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withDefaultValues(all)
                .build()
                .getConfigMapping(SurprisalConfig.class)
                .limits();
    }

    @Property(tries = 200)
    void neverIsMoreTakenThanTheBurstAndWhatTheTimeGives(
            @ForAll @DoubleRange(min = 0.01, max = 5_000) double perSecond,
            @ForAll @IntRange(min = 1, max = 50) int burst,
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 2_000_000_000) Integer> pauses) {
        RequestRate rate = rate(perSecond, burst);
        int taken = 0;
        double seconds = 0;
        for (int pause : pauses) {
            clock.pass(Duration.ofNanos(pause));
            seconds += pause / 1e9;
            taken += taken(rate, "a", 3);
            // A token takes a whole number of nanoseconds, at most half of one off.
            assertThat((double) taken).isLessThanOrEqualTo(burst + seconds * perSecond * (1 + 1e-5) + 1e-9);
        }
    }
}
