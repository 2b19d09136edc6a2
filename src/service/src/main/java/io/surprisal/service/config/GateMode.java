package io.surprisal.service.config;

/** What the gate does with requests. */
public enum GateMode {
    /** Those with a flagged image are refused. */
    ENFORCE,
    /** All go on; headers and metrics say what would have become of them. */
    SHADOW,
    /** All go on, and none is looked at. */
    PASS
}
