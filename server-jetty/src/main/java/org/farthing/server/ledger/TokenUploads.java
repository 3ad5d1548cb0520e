package org.farthing.server.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Tokens of remote issuers that captured charges were paid with, to be presented before {@code redeemUntil} (F-TK-40 to
 * F-TK-43). The ledger keeps them in the step that claims the charge; what a released charge was paid with is never given out.
 * Redemption is idempotent at the issuer, by token.
 */
public interface TokenUploads extends Errands<TokenUpload, UploadAnswer> {

    /**
     * {@inheritDoc}
     *
     * @return the tokens, all of the issuer and payee of the first one that is due; empty if nothing is
     */
    @Override
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
    @Override
    CompletionStage<Integer> done(List<UploadAnswer> answers);

    /**
     * Gives a failed token up: its value moves from the payee back to the issuer's account (the issuer owes it no longer), the
     * exposure ends.
     *
     * @param seq which
     * @param reason why, 1 to 200 characters
     * @return false if it is not there or has not failed
     * @throws IllegalArgumentException if the reason is empty or too long
     */
    @Override
    CompletionStage<Boolean> writeOff(long seq, String reason);
}
