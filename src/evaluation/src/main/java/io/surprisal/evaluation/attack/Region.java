package io.surprisal.evaluation.attack;

/** Which dimensions of an image an attack may change. */
public enum Region {
    /** All of them. */
    EVERYWHERE("everywhere"),

    /**
     * Those whose clean level is above 0. A sign attack on a black background betrays itself there, since a clean background is
     * exactly black; an attacker who leaves it alone gives up little.
     */
    FOREGROUND("foreground");

    private final String label;

    Region(String label) {
        this.label = label;
    }

    /** As in reports. */
    public String label() {
        return label;
    }

    boolean contains(int cleanLevel) {
        return this == EVERYWHERE || cleanLevel > 0;
    }
}
