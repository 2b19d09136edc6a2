package io.surprisal.service.config;

/** What the gate does with requests. */
public enum GateMode {
    /** Those with a flagged image are refused. */
    ENFORCE,
    /**
     * An experiment (PixelDefend, Song et al. 2018): in the place of a flagged image file, the likeliest image near it goes on, if that is
     * accepted; whatever is no single image file, or stays flagged, is refused.
     */
    PURIFY,
    /** All go on; headers and metrics say what would have become of them. */
    SHADOW,
    /** All go on, and none is looked at. */
    PASS
}
