package org.farthing.server.method;

/** What a payment is for (S16). */
public enum Intent {
    /** One answer, one payment. */
    CHARGE("charge"),
    /** Many answers against one deposit. */
    SESSION("session"),
    /** A payment every period. */
    SUBSCRIPTION("subscription");

    private final String text;

    Intent(String text) {
        this.text = text;
    }

    /**
     * Returns the intent's name on the wire.
     *
     * @return for example {@code charge}
     */
    public String text() {
        return text;
    }
}
