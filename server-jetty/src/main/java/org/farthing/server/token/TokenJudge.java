package org.farthing.server.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.Problem.Resolution;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Authorization.Claim;
import org.farthing.server.method.Authorization.Movement;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.method.Presentation;
import org.jspecify.annotations.Nullable;

/** Judges the tokens of one credential at one moment: what costs nothing first, signatures last (F-TK-55, T40). */
final class TokenJudge {

    private static final Refused NO_TOKENS =
            new Refused(ProblemType.INVALID_PAYLOAD, "The payload has no tokens in the form of this method.");
    private static final Refused NOT_VERIFIED =
            new Refused(ProblemType.VERIFICATION_FAILED, "The payment could not be verified.");
    private static final Refused CANNOT_TELL = new Refused(
            ProblemType.LEDGER_UNAVAILABLE,
            "The issuer's keys cannot be checked at the moment. Send the same credential again later.");

    private final AcceptedTokens accepted;
    private final LastPromise promises;
    private final Instant now;

    TokenJudge(AcceptedTokens accepted, LastPromise promises, Instant now) {
        this.accepted = accepted;
        this.promises = promises;
        this.now = now;
    }

    /** Ends the judgement. */
    private static final class Refusal extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Refused refused;

        Refusal(Refused refused) {
            super(refused.detail(), null, false, false);
            this.refused = refused;
        }
    }

    Authorization judge(Presentation presentation, Optional<IssuerDirectory> directory) {
        IssuerDirectory counting = directory.orElse(null);
        if (counting == null) {
            return CANNOT_TELL;
        }
        try {
            TokenOffer offer = offer(presentation.request());
            List<BlindToken> tokens = tokens(presentation, offer);
            requireFor(tokens, offer);
            PaymentRequest request = presentation.request();
            List<PublishedKey> keys = keys(tokens, counting, request);
            requireInTime(keys, counting, presentation);
            Amount value = sum(keys, request, offer.keepsOverpay());
            requireSigned(tokens, keys);
            return payable(presentation, tokens, keys, value);
        } catch (Refusal e) {
            return e.refused;
        }
    }

    /** What the challenge promised; of another issuer, if the configuration was changed since. */
    private TokenOffer offer(PaymentRequest request) throws Refusal {
        try {
            TokenOffer offer = promises.of(request.methodDetails());
            require(offer.issuer().equals(accepted.issuer().origin()), NOT_VERIFIED);
            require(accepted.issuer().sharesLedger() || !offer.challenge().isForAnyPayee(), NOT_VERIFIED);
            return offer;
        } catch (MalformedException e) {
            throw new Refusal(NOT_VERIFIED);
        }
    }

    private static List<BlindToken> tokens(Presentation presentation, TokenOffer offer) throws Refusal {
        try {
            List<BlindToken> tokens =
                    TokenPayload.parse(presentation.credential().payload(), offer.maxTokens());
            // The parser has seen to it; used up twice, a token would pay twice.
            require(new HashSet<>(tokens.stream().map(BlindToken::serial).toList()).size() == tokens.size(), NO_TOKENS);
            return tokens;
        } catch (MalformedException e) {
            throw new Refusal(NO_TOKENS);
        }
    }

    /** Tokens for another payee are worth nothing here, whoever signed them (T57). */
    private static void requireFor(List<BlindToken> tokens, TokenOffer offer) throws Refusal {
        for (BlindToken token : tokens) {
            require(token.isFor(offer.challenge()), NOT_VERIFIED);
        }
    }

    private List<PublishedKey> keys(List<BlindToken> tokens, IssuerDirectory directory, PaymentRequest request)
            throws Refusal {
        List<PublishedKey> keys = new ArrayList<>(tokens.size());
        for (BlindToken token : tokens) {
            PublishedKey key = directory.key(Base64Url.encode(token.keyId())).orElse(null);
            if (key == null || !key.currency().equals(request.currency()) || now.isBefore(key.notBefore())) {
                throw new Refusal(NOT_VERIFIED);
            }
            keys.add(key);
        }
        return keys;
    }

    /** F-TK-57. Deadlines are public, so saying which key is over tells nobody anything. */
    private void requireInTime(List<PublishedKey> keys, IssuerDirectory directory, Presentation presentation)
            throws Refusal {
        List<Integer> over = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (!keys.get(i).spendableAt(now)) {
                over.add(i);
            }
        }
        if (!over.isEmpty()) {
            throw new Refusal(new Refused(
                    ProblemType.TOKEN_EXPIRED,
                    "Tokens of this payment are not accepted any more.",
                    Map.of("expired", over.stream().map(String::valueOf).collect(Collectors.joining(" "))),
                    wayOut(keys.get(over.get(0)), directory, presentation)));
        }
    }

    /** Whoever has authority over the token now exchanges it (protocol, 4.5). */
    private @Nullable Resolution wayOut(PublishedKey key, IssuerDirectory directory, Presentation presentation) {
        if (!key.swappableAt(now)) {
            return null;
        }
        boolean payeeDecides = !accepted.issuer().sharesLedger() && !key.issuerAloneAt(now);
        return new Resolution(
                "swap",
                payeeDecides
                        ? presentation.facts().origin().text() + "/token-swap"
                        : directory.links().swap(),
                null);
    }

    /** F-TK-56, T29: each value is an amount and there are few of them, but a sum is never trusted to fit. */
    private static Amount sum(List<PublishedKey> keys, PaymentRequest request, boolean keepsOverpay) throws Refusal {
        Amount sum = Amount.ZERO;
        try {
            for (PublishedKey key : keys) {
                sum = sum.plus(key.value());
            }
        } catch (ArithmeticException e) {
            throw new Refusal(mismatch(request, null));
        }
        int compared = sum.compareTo(request.amount());
        if (compared < 0 || (compared > 0 && !keepsOverpay)) {
            throw new Refusal(mismatch(request, sum));
        }
        return sum;
    }

    private static Refused mismatch(PaymentRequest request, @Nullable Amount presented) {
        Map<String, String> members = new HashMap<>(Map.of(
                "required",
                request.amount().format(),
                "currency",
                request.currency().text()));
        if (presented != null) {
            members.put("presented", presented.format());
        }
        return new Refused(
                ProblemType.AMOUNT_MISMATCH,
                "The tokens are worth something else than the price of this request.",
                members,
                null);
    }

    private static void requireSigned(List<BlindToken> tokens, List<PublishedKey> keys) throws Refusal {
        for (int i = 0; i < tokens.size(); i++) {
            require(keys.get(i).key().verify(tokens.get(i)), NOT_VERIFIED);
        }
    }

    private Payable payable(Presentation presentation, List<BlindToken> tokens, List<PublishedKey> keys, Amount value) {
        PaymentRequest request = presentation.request();
        List<UsedToken> used = IntStream.range(0, tokens.size())
                .mapToObj(i -> new UsedToken(
                        keys.get(i).key().keyId(), tokens.get(i).serial().text()))
                .toList();
        boolean remote = !accepted.issuer().sharesLedger();
        TokenPayment payment = new TokenPayment(
                accepted.issuer().origin().text(),
                used,
                value.baseUnits(),
                remote ? accepted.issuer().exposureLimit(request.currency(), value) : null,
                remote ? tokens.stream().map(BlindToken::bytes).toList() : null);
        Claim claim = new Claim(
                presentation.credential().challenge().id(),
                pseudonym(used),
                used.get(0).keyId(),
                0,
                payment);
        return new Payable(
                claim,
                new Movement(
                        request.amount(),
                        request.currency(),
                        presentation.facts().origin().text()));
    }

    /** The same tokens are the same payer, in whatever order; nothing else is. */
    private static String pseudonym(List<UsedToken> used) {
        String all = used.stream().map(UsedToken::serial).sorted().collect(Collectors.joining(" "));
        return "t_" + Sha256.base64url(all).substring(0, 22);
    }

    private static void require(boolean condition, Refused otherwise) throws Refusal {
        if (!condition) {
            throw new Refusal(otherwise);
        }
    }
}
