package io.surprisal.audit;

/** An audit that cannot begin; the message says what was expected and what was found. Nothing was written. */
public final class AuditException extends RuntimeException {
    AuditException(String what, String expected, String found) {
        super("%s: expected %s, found %s".formatted(what, expected, found));
    }
}
