package io.surprisal.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterLeasesTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final MeterLeases leases = new MeterLeases(registry);

    private Runnable served(String version) {
        Runnable lease = leases.lease("digits", version);
        registry.counter("judged", "model", "digits", "version", version).increment();
        return lease;
    }

    private List<String> versions() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(id -> String.valueOf(id.getTag("version")))
                .sorted()
                .toList();
    }

    @Test
    void theMetersOfAVersionThatIsGoneAreGoneToo() {
        Runnable old = served("1");
        served("2");
        old.run();
        assertThat(versions()).containsExactly("2");
    }

    @Test
    void aVersionThatIsLoadedAgainBeforeTheOldOneEndsKeepsCounting() {
        Runnable old = served("1");
        Runnable again = served("1");
        old.run();
        assertThat(registry.get("judged").counter().count()).isEqualTo(2);
        again.run();
        assertThat(versions()).isEmpty();
    }

    @Test
    void metersOfNoModelStay() {
        registry.counter("requests");
        served("1").run();
        assertThat(registry.get("requests").counter()).isNotNull();
    }
}
