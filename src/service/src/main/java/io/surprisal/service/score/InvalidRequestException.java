package io.surprisal.service.score;

/** A request asks for something that cannot be; the same request will fail again. */
public final class InvalidRequestException extends RuntimeException {
    public InvalidRequestException(String message) {
        super(message);
    }
}
