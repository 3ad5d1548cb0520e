package org.farthing.client.method;

/**
 * How a payment stands at the wallet service its order was signed for, by the word of the service.
 *
 * @param state what it says
 * @param words the same for people
 */
public record Standing(State state, String words) {

    /** What a service can say. */
    public enum State {
        /** The money is set aside for the payee. */
        HELD,
        /** The payee collected it. */
        CAPTURED,
        /** The money is the payer's again, and the payee can never collect it. */
        RELEASED,
        /** The service never got the order, or did not accept it. */
        NOT_KNOWN,
        /** The service could not be asked, or its answer is none. */
        UNCLEAR
    }

    /**
     * Tells whether the service says that nothing was, and nothing will be, paid.
     *
     * @return true if the money is the payer's to spend
     */
    public boolean isFree() {
        return state == State.RELEASED || state == State.NOT_KNOWN;
    }
}
