package org.farthing.server.token;

import java.util.Optional;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;

/**
 * An issuer whose tokens a payee accepts: a mint with the same ledger, or a remote one whose directory is fetched
 * (spec/token-payment.md, F-TK-50).
 *
 * <p><b>Threads.</b> Called from several threads at once, often a container's: nothing may block.
 */
public interface AcceptedIssuer {

    /**
     * Names the issuer.
     *
     * @return its origin, always the same
     */
    Origin origin();

    /**
     * Returns the directory that counts now. Every key in it must be known to the ledger ({@code TokenBooks.openKey}); a key
     * that was closed must not stand in it any more. The same object until something changes, because what depends on it is
     * kept.
     *
     * @return the directory; empty while there is none or it is too old, so that nothing is accepted and nothing denied
     */
    Optional<IssuerDirectory> directory();

    /**
     * Tells whether the issuer keeps its books in the payee's own ledger, so that one table knows every token.
     *
     * @return false for a remote issuer; always the same
     */
    boolean sharesLedger();

    /**
     * Says how far a remote issuer is trusted (T61). Not asked where the ledger is shared.
     *
     * @param currency the currency of a payment
     * @param amount what its tokens are worth
     * @return the most that may be accepted of its tokens without its word that it redeems them, in base units
     */
    long exposureLimit(CurrencyId currency, Amount amount);
}
