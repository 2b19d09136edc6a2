package io.surprisal.service.access;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What callers show to be let in: one of the {@link ApiKeys}, or one of the {@link Tokens}. Thread-safe. */
@Singleton
final class Credentials {
    private static final Logger LOG = Logger.getLogger(Credentials.class);
    private static final String BEARER = "bearer ";

    private final ApiKeys keys;
    private final Tokens tokens;
    private final MeterRegistry registry;

    /** What is said of what somebody shows. */
    sealed interface Answer permits Holder, Denial {}

    Credentials(ApiKeys keys, Tokens tokens, MeterRegistry registry) {
        this.keys = keys;
        this.tokens = tokens;
        this.registry = registry;
    }

    /** Whether callers have to show anything. */
    boolean required() {
        return keys.isSet() || tokens.isSet();
    }

    /**
     * Whether somebody may do something, where it is {@link #required} to be known.
     *
     * @param apiKey what the header {@code x-api-key} says
     * @param authorization what the header {@code authorization} says
     * @param admin whether it takes an administrator
     * @return who it is, or why they may not
     */
    Answer check(@Nullable String apiKey, @Nullable String authorization, boolean admin) {
        String shown = apiKey != null ? apiKey : bearer(authorization);
        Answer answer = check(shown == null ? "" : shown.strip(), admin);
        if (answer instanceof Denial denial) {
            registry.counter("surprisal.access.denied", "reason", denial.name().toLowerCase(Locale.ROOT))
                    .increment();
        }
        return answer;
    }

    private Answer check(String shown, boolean admin) {
        if (shown.isEmpty()) {
            return Denial.MISSING;
        }
        Optional<Holder> known = holder(shown);
        if (known.isEmpty()) {
            return Denial.UNKNOWN;
        }
        Holder holder = known.get();
        if (!admin) {
            return holder;
        }
        LOG.infof("%s came with what takes an administrator", holder.name());
        return holder.admin() ? holder : Denial.NO_ADMIN;
    }

    private Optional<Holder> holder(String shown) {
        Optional<Holder> ofKey = keys.isSet() ? keys.holder(shown) : Optional.empty();
        return ofKey.isEmpty() && tokens.isSet() ? tokens.holder(shown) : ofKey;
    }

    private static @Nullable String bearer(@Nullable String authorization) {
        return authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? authorization.substring(BEARER.length())
                : null;
    }
}
