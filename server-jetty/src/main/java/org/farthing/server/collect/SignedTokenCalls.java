package org.farthing.server.collect;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionBody;
import org.farthing.protocol.token.TokenChallenge;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to issuers of tokens over the network, each call signed by the payee's key as a wallet request (specification:
 * wallet-request.md). It goes to configured origins only, follows no redirect, keeps no cookie, waits 10 seconds, and reads no
 * more than an answer can have.
 *
 * <p>Safe to share between threads; never blocks, but for opening and closing. Stages complete on a thread of this object.
 */
public final class SignedTokenCalls implements TokenCalls, AutoCloseable {

    /** A hundred words, or as many signatures as a swap can have, and room for a problem. */
    private static final int MOST_BYTES = 512 * 1024;

    private static final String POST = "POST";

    private final SignedCalls calls;
    private final Routes routes;

    /**
     * Where an issuer wants to be asked, as its directory says; an address of its own origin.
     *
     * @param redemption where tokens are presented, or empty while its directory is not known
     * @param swap where tokens are exchanged, or empty likewise
     */
    public record Routes(Function<Origin, Optional<URI>> redemption, Function<Origin, Optional<URI>> swap) {}

    private SignedTokenCalls(SignedCalls calls, Routes routes) {
        this.calls = calls;
        this.routes = routes;
    }

    /**
     * Opens connections as they are needed.
     *
     * @param keys the key of the payee's key document that signs at a time, or empty if none may be used then: such a call is
     *     not made and fails as one that did not reach the issuer
     * @param clock the time of the requests
     * @param routes where issuers want to be asked
     * @return the calls; close them last
     */
    public static SignedTokenCalls open(
            Function<Instant, Optional<SigningKey>> keys, InstantSource clock, Routes routes) {
        return new SignedTokenCalls(SignedCalls.open(keys, clock, new SslContextFactory.Client()), routes);
    }

    @Override
    public CompletionStage<RedemptionAnswer> redeem(Origin issuer, Origin payee, List<BlindToken> tokens) {
        RedemptionBody body = new RedemptionBody(TokenChallenge.forPayee(issuer, payee), tokens);
        return at(
                issuer,
                POST,
                routes.redemption(),
                target -> calls.call(
                        target,
                        payee,
                        utf8(body.format()),
                        MOST_BYTES,
                        answer -> RedemptionAnswer.parse(answer, tokens.size())));
    }

    @Override
    public CompletionStage<RedeemedPage> redeemed(Origin issuer, Origin payee, @Nullable String cursor) {
        if (cursor != null && !cursor.matches(SignedServiceCalls.CURSOR)) {
            return CompletableFuture.failedFuture(
                    ServiceCallException.unreachable(issuer + " gave a cursor that no URL can carry"));
        }
        return at(
                issuer,
                "GET",
                routes.redemption().andThen(uri -> uri.map(address -> with(address, cursor))),
                target -> calls.call(target, payee, utf8(""), RedeemedPage.MAX_BYTES, RedeemedPage::parse));
    }

    private static URI with(URI address, @Nullable String cursor) {
        String mark = address.getRawQuery() == null ? "?" : "&";
        return cursor == null ? address : URI.create(address + mark + "cursor=" + cursor);
    }

    @Override
    public CompletionStage<SwapReply> swap(Origin issuer, Origin payee, byte[] body) {
        return at(
                issuer,
                POST,
                routes.swap(),
                target -> calls.send(target, payee, body, MOST_BYTES)
                        .thenApply(answer -> new SwapReply(answer.getStatus(), answer.getContent())));
    }

    private static <T> CompletionStage<T> at(
            Origin issuer,
            String method,
            Function<Origin, Optional<URI>> route,
            Function<RequestTarget, CompletionStage<T>> call) {
        Optional<URI> uri = route.apply(issuer);
        if (uri.isEmpty()) {
            return CompletableFuture.failedFuture(
                    ServiceCallException.unreachable(issuer + " was not asked: its directory is not known"));
        }
        RequestTarget target;
        try {
            target = RequestTarget.ofUri(method, uri.get());
        } catch (IllegalArgumentException e) {
            target = null;
        }
        if (target == null || !target.origin().equals(issuer)) {
            return CompletableFuture.failedFuture(
                    ServiceCallException.unreachable(issuer + " was not asked: its directory leads to another origin"));
        }
        return call.apply(target);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Ends the calls under way and frees the threads. Blocks until done. */
    @Override
    public void close() {
        calls.close();
    }
}
