package io.surprisal.service.caller;

import io.surprisal.service.config.Priority;
import io.surprisal.service.trace.Trace;

/**
 * In whose name images queue up, and how urgently.
 *
 * @param caller by any name; callers share the workers evenly, however much each of them sends. The empty name is one of them
 * @param priority of the images
 * @param trace that what becomes of them is noted in
 */
public record Claim(String caller, Priority priority, Trace trace) {
    /** Of a caller nobody knows. */
    public static final Claim ANONYMOUS = new Claim("", Priority.NORMAL);

    /** Of a request that is not traced. */
    public Claim(String caller, Priority priority) {
        this(caller, priority, Trace.NONE);
    }

    /** The same caller's, this urgent. */
    public Claim as(Priority other) {
        return new Claim(caller, other, trace);
    }
}
