package io.surprisal.service.oip;

/** An output that a request asks for by name. */
public record RequestedOutput(String name, Parameters parameters) {}
