package io.surprisal.service.http;

import jakarta.ws.rs.NotFoundException;

/** What a path stands for is not there, with words of ours. */
final class AbsentException extends NotFoundException {
    private static final long serialVersionUID = 1;

    AbsentException(String detail) {
        super(detail);
    }
}
