package io.surprisal.stream;

/** The content modes of CloudEvents' Kafka protocol binding. */
public enum ContentMode {
    /** The data are the record's value, the attributes its headers. */
    BINARY,
    /** All of it is one JSON object, the record's value. */
    STRUCTURED
}
