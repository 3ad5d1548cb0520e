package org.farthing.server.ledger;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Bearer tokens in the books (F-TK-30 to F-TK-49): the keys, what each has signed, and the one table that says which token was
 * used for what. An issuer's account {@code tokens:ISSUER} has the money of the tokens that are out: purchases put it there,
 * payments and redemptions move it to payees, and an exchange moves nothing.
 *
 * <p><b>Promised.</b> A token is used once: for one charge, one exchange or one redemption, whatever the number of threads and
 * nodes; a charge that was released gives its tokens free ten minutes after its challenge expired. A message is written down as
 * signed once. Each operation is one atomic step and may be repeated.
 *
 * <p><b>Not checked here:</b> signatures, and who has authority over a token (protocol, 4.5): the caller has seen to both.
 */
public interface TokenBooks extends TokenReports {

    /**
     * Registers a key: of an issuer whose books these are, or of a remote one whose tokens are accepted here.
     *
     * @param terms what it stands for
     * @return what became of it
     */
    CompletionStage<KeyResult> openKey(TokenKeyTerms terms);

    /**
     * Closes a key for good: nothing of it is sold, spent, exchanged or redeemed any more, but for {@link #recall}. Charges that
     * hold tokens of it end as they would have. Closing it again changes nothing.
     *
     * @param keyId the key
     * @param reason why, 1 to 200 characters
     * @return false if there is no such key
     * @throws IllegalArgumentException if the reason is empty or too long
     */
    CompletionStage<Boolean> closeKey(String keyId, String reason);

    /**
     * Looks up which messages were signed before.
     *
     * @param messages the messages, at most 1000
     * @return the indexes of those that were, rising
     * @throws IllegalArgumentException if there are more than 1000
     */
    CompletionStage<Set<Integer>> issued(List<IssuedMessage> messages);

    /**
     * Uses up tokens and writes down what is signed for them, worth the same.
     *
     * @param request what is given and asked for
     * @return what became of it
     */
    CompletionStage<SwapResult> swap(SwapRequest request);

    /**
     * As {@link #swap}, for tokens of closed keys whose holder has shown which messages they came out of. The ledger compares that
     * with what it knows as signed: a token that was forged came out of none.
     *
     * @param request what is given and asked for; all keys of what is given are closed and not over
     * @param opened the message of each token given, in their order
     * @return what became of it
     * @throws IllegalArgumentException if there are more or fewer messages than tokens, or one stands twice
     */
    CompletionStage<SwapResult> recall(SwapRequest request, List<IssuedMessage> opened);

    /**
     * Uses up tokens of a remote issuer for an exchange there, which the caller then forwards. Nothing is signed here.
     *
     * @param issuer the issuer's origin
     * @param exchange names the exchange: its digest, as {@link SwapRequest#owner()}
     * @param in what is given, each token once, 1 to 1000
     * @return what became of it; the same exchange again is claimed once
     * @throws IllegalArgumentException if a text is out of range, or the list is empty, too long or has a token twice
     */
    CompletionStage<ForwardResult> claimForSwap(String issuer, String exchange, List<UsedToken> in);

    /**
     * Ends a claim of {@link #claimForSwap}, because the issuer has certainly refused the exchange and never will make it: gives
     * its tokens free, all but those the issuer calls spent, which stay used up for good. It is one step: none of those is free
     * for a moment, whoever dies. After an answer that is missing or unclear this would let tokens be used twice. Done again, it
     * changes nothing.
     *
     * @param issuer the issuer's origin
     * @param exchange names the exchange
     * @param attempt which claim of it was forwarded
     * @param spent those tokens of the claim that the issuer calls spent, each once; may be empty
     * @return false if there is no such claim, or it was ended before
     * @throws IllegalArgumentException if a text is out of range, or the list is too long or has a token twice
     */
    CompletionStage<Boolean> refuseSwap(String issuer, String exchange, int attempt, List<UsedToken> spent);

    /**
     * Pays a payee for tokens it accepted, each once.
     *
     * @param issuer the issuer's origin, whose books these are
     * @param origin the payee
     * @param tokens the tokens, each once, 1 to 1000
     * @return what became of each
     * @throws IllegalArgumentException if a text is out of range, or the list is empty, too long or has a token twice
     */
    CompletionStage<RedeemResult> redeem(String issuer, String origin, List<UsedToken> tokens);

    /**
     * Looks up which tokens a payee was paid for before, whatever became of their keys since. Changes nothing, so the tokens need
     * not have been verified.
     *
     * @param issuer the issuer's origin, whose books these are
     * @param origin the payee
     * @param tokens the tokens, each once, 1 to 1000
     * @return {@link RedeemResult.Redemption#REPEATED} for those, with their amount, and {@link
     *     RedeemResult.Redemption#INVALID} for all others
     * @throws IllegalArgumentException if the list is empty, too long or has a token twice
     */
    CompletionStage<RedeemResult> redeemedBefore(String issuer, String origin, List<UsedToken> tokens);

    /**
     * Finds what is due to whoever paid a charge with tokens: what was given back and not handed out as new tokens yet.
     *
     * @param challengeId the charge
     * @param credentialHash the hash of the credential that paid
     * @return the amount in base units, 0 if all is handed out; empty if these bytes paid no such charge with tokens
     */
    CompletionStage<Optional<Long>> refundDue(String challengeId, String credentialHash);

    /**
     * Writes down what is signed for money that a charge gave back, to whoever shows the credential that paid.
     *
     * @param challengeId the charge
     * @param credentialHash the hash of the credential that paid
     * @param messages what is signed, worth all that is due
     * @return what became of it
     * @throws IllegalArgumentException if the list is empty, too long or has a message twice
     */
    CompletionStage<RefundDue> refundTokens(String challengeId, String credentialHash, List<IssuedMessage> messages);

    /**
     * Returns the tokens that remote issuers must redeem.
     *
     * @return the uploads
     */
    TokenUploads uploads();
}
