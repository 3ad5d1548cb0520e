package org.farthing.server.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Tokens of remote issuers that captured charges were paid with, to be presented before {@code redeemUntil} (F-TK-40 to
 * F-TK-43). The ledger keeps them in the step that claims the charge; what a released charge was paid with is never given out.
 *
 * <p><b>Promised.</b> Each token is given out until somebody says what the issuer said, whoever dies meanwhile. Each operation is
 * one atomic step, repeatable, and safe from several threads and nodes. <b>Not promised:</b> that it is given out once only, so
 * redemption must be idempotent at the issuer; it is, by token.
 */
public interface TokenUploads {

    /**
     * Takes tokens of one issuer and payee that are due, the first that came first. Each is leased: nobody else gets it until the
     * lease is over.
     *
     * @param limit how many at most, 1 to 1000
     * @param lease how long
     * @return the tokens, all of the issuer and payee of the first one that is due; empty if nothing is
     * @throws IllegalArgumentException if the limit or lease is out of range
     */
    CompletionStage<List<TokenUpload>> due(int limit, Duration lease);

    /**
     * Notes what the issuer said, all in one step. What is redeemed is forgotten, and the exposure to the issuer ends for it;
     * what is refused is kept as {@link TokenUpload.State#FAILED} and its exposure stays, until {@link #writeOff}. What does not
     * wait is passed over, so a repeated call changes nothing.
     *
     * @param answers what it said, at most 1000
     * @return how many were ended
     * @throws IllegalArgumentException if there are more than 1000
     */
    CompletionStage<Integer> done(List<UploadAnswer> answers);

    /**
     * Puts tokens off, all in one step: they are due again after a while, and their leases are over. A failed one waits again.
     *
     * @param seqs which, at most 1000
     * @param wait how long, not negative
     * @param why why, 1 to 200 characters
     * @return how many wait now
     * @throws IllegalArgumentException if an argument is out of range
     */
    CompletionStage<Integer> again(List<Long> seqs, Duration wait, String why);

    /**
     * Gives a failed token up: its value moves from the payee back to the issuer's account (the issuer owes it no longer), the
     * exposure ends.
     *
     * @param seq which
     * @param reason why, 1 to 200 characters
     * @return false if it is not there or has not failed
     * @throws IllegalArgumentException if the reason is empty or too long
     */
    CompletionStage<Boolean> writeOff(long seq, String reason);
}
