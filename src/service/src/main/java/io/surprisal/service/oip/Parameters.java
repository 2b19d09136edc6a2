package io.surprisal.service.oip;

import io.surprisal.service.config.Priority;
import io.surprisal.service.score.InvalidRequestException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request, an input or an output. Those that nobody asks after are not looked at, as the protocol wants it.
 *
 * @param values strings, numbers and booleans by name
 */
public record Parameters(Map<String, Object> values) {
    /** No parameters. */
    public static final Parameters NONE = new Parameters(Map.of());

    public Parameters {
        values = Map.copyOf(values);
    }

    /** Name of the statistic that decides, or null. */
    @Nullable
    String statistic() {
        Object value = values.get("statistic");
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new InvalidRequestException("expected parameter statistic to be a string, got " + value);
    }

    /** The false-positive rate to decide at, or null. */
    @Nullable
    Double falsePositiveRate() {
        return switch (values.get("fpr")) {
            case null -> null;
            case Number number -> number.doubleValue();
            case Object other ->
                throw new InvalidRequestException(
                        "expected parameter fpr to be a number between 0 and 1, got " + other);
        };
    }

    /** How urgent it is: a number as Triton has it, where 0 leaves it to the service, 1 is the most urgent and anything above may wait. */
    Priority priority() {
        long level = whole("priority", 0, Long.MAX_VALUE);
        return level <= 1 ? Priority.NORMAL : Priority.BULK;
    }

    /** How long the caller waits: a number of microseconds as Triton has it; 0 and none are for as long as it takes. */
    @Nullable
    Duration timeout() {
        long micros = whole("timeout", 0, Long.MAX_VALUE);
        return micros == 0 ? null : Duration.of(micros, ChronoUnit.MICROS);
    }

    /** Refuses a tensor whose elements are somewhere else: what lies in another's memory cannot be read here, and can change. */
    public void requireNoSharedMemory() {
        if (values.containsKey("shared_memory_region")) {
            throw new InvalidRequestException(
                    "expected the elements of an input with the request, got a shared_memory_region");
        }
    }

    /** A boolean, or {@code fallback} where there is none. */
    public boolean flag(String name, boolean fallback) {
        return switch (values.get(name)) {
            case null -> fallback;
            case Boolean flag -> flag;
            case Object other ->
                throw new InvalidRequestException(
                        "expected parameter %s to be true or false, got %s".formatted(name, other));
        };
    }

    /** A number of bytes, or −1 where there is none. */
    public int size(String name) {
        return (int) whole(name, -1, Integer.MAX_VALUE);
    }

    /** A whole number of 0 or more, or {@code fallback} where there is none. */
    private long whole(String name, long fallback, long most) {
        return switch (values.get(name)) {
            case null -> fallback;
            case Number number
            when number.longValue() >= 0 && number.longValue() <= most && number.longValue() == number.doubleValue() ->
                number.longValue();
            case Object other ->
                throw new InvalidRequestException(
                        "expected parameter %s to be a whole number of 0 to %d, got %s".formatted(name, most, other));
        };
    }
}
