package io.surprisal.service.access;

/** What a caller gets when what they show is not enough. */
enum Denial implements Credentials.Answer {
    MISSING("expected a key in the header x-api-key, or authorization: Bearer with a key or a token; got none"),
    UNKNOWN("expected a key that is known, or a token that is valid here, got another"),
    NO_ADMIN("expected the key or the token of an administrator, got one that may not do this");

    private final String detail;

    Denial(String detail) {
        this.detail = detail;
    }

    String detail() {
        return detail;
    }
}
