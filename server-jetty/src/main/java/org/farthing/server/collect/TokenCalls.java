package org.farthing.server.collect;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.RedemptionAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What a payee says to an issuer of tokens whose books are elsewhere (specification: token-mint.md). Nothing here blocks or
 * retries. Every stage that fails does so with {@link ServiceCallException}; whether the issuer has done what it was asked is
 * then not known, unless the exception says that it refused.
 */
public interface TokenCalls {

    /**
     * Presents tokens the payee took: {@code POST /token-redemptions}.
     *
     * @param issuer the issuer
     * @param payee who took them, and says so
     * @param tokens the tokens, all of them for this payee, 1 to 100
     * @return one word for each of them, in their order
     */
    CompletionStage<RedemptionAnswer> redeem(Origin issuer, Origin payee, List<BlindToken> tokens);

    /**
     * Reads a page of what the issuer credited to the payee, token by token: {@code GET /token-redemptions}.
     *
     * @param issuer the issuer
     * @param payee who asks
     * @param cursor {@link RedeemedPage#next()} of the page before, or null for the first
     * @return the page; it may be empty and yet not the last
     */
    CompletionStage<RedeemedPage> redeemed(Origin issuer, Origin payee, @Nullable String cursor);

    /**
     * Passes on what somebody wants to exchange, after the payee has claimed it: {@code POST /token-swap}.
     *
     * @param issuer the issuer
     * @param payee who passes it on
     * @param body the very bytes that the payee was sent
     * @return the issuer's answer, whatever its status
     */
    CompletionStage<SwapReply> swap(Origin issuer, Origin payee, byte[] body);

    /**
     * An answer to an exchange.
     *
     * @param status its status
     * @param body its content
     */
    @SuppressWarnings("ArrayRecordComponent") // an answer that is passed on, and compared by nobody
    record SwapReply(int status, byte[] body) {

        /** Leaves the content out. */
        @Override
        public String toString() {
            return "SwapReply[" + status + ", " + body.length + " bytes]";
        }
    }
}
