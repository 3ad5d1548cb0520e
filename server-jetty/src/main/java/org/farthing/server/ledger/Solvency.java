package org.farthing.server.ledger;

/**
 * How many tokens of one key of this ledger's issuers there are. More used than issued means that somebody else can sign with
 * the key.
 *
 * @param keyId the key
 * @param issued how many messages it signed
 * @param used how many different tokens of it were presented
 */
public record Solvency(String keyId, long issued, long used) {

    /**
     * Tells whether no more tokens were presented than issued.
     *
     * @return false if the key must be closed
     */
    public boolean sound() {
        return used <= issued;
    }
}
