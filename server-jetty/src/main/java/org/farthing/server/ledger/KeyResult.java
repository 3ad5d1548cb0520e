package org.farthing.server.ledger;

/** What became of {@link TokenBooks#openKey}. */
public sealed interface KeyResult {

    /**
     * The key is registered, now or before with the same terms.
     *
     * @param key the key; it may have been closed since
     */
    record Open(TokenKeyState key) implements KeyResult {}

    /**
     * The key is registered with other terms; nothing changed.
     *
     * @param key the key as it is registered
     */
    record OtherTerms(TokenKeyState key) implements KeyResult {}

    /**
     * Another key of the issuer that is still in use ends in the same byte, so requests could not tell them apart; nothing
     * changed. Make another key.
     *
     * @param keyId the other key
     */
    record SameLastByte(String keyId) implements KeyResult {}

    /** The key's time is over by the ledger's clock; nothing changed. */
    record Over() implements KeyResult {}
}
