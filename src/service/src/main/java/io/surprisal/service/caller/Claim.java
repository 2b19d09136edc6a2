package io.surprisal.service.caller;

/**
 * In whose name images queue up, and how urgently.
 *
 * @param caller by any name; callers share the workers evenly, however much each of them sends. The empty name is one of them
 * @param priority of the images
 */
public record Claim(String caller, Priority priority) {
    /** Of a caller nobody knows. */
    public static final Claim ANONYMOUS = new Claim("", Priority.NORMAL);

    /** The same caller's, this urgent. */
    public Claim as(Priority other) {
        return new Claim(caller, other);
    }
}
