package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.farthing.conformance.server.TinyRefusals.Refusal;
import org.farthing.conformance.server.TinyTill.Priced;
import org.farthing.conformance.server.TinyTill.Shown;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionAnswer.Result;
import org.farthing.protocol.token.RedemptionBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletRequest;

/** The routes of {@link TinyMint} that make tokens. */
final class TinyTokenRoutes {

    private static final String REDEEMED = "redeemed";
    private static final String SINGLE = "application/private-token-response";

    private final Origin origin;
    private final VerificationKey buyer;
    private final RemotePayee payee;
    private final TinyIssuing issuing;
    private final TinySerials serials;
    private final TinyTill till;
    private final TinyTokenShop shop;
    private final Set<TokenFault> faults;
    private final Map<String, TinyAnswer> swaps = new ConcurrentHashMap<>();
    private final Set<String> redeemed = ConcurrentHashMap.newKeySet();

    TinyTokenRoutes(
            Origin origin,
            VerificationKey buyer,
            RemotePayee payee,
            TinyIssuing issuing,
            TinySerials serials,
            TinyTill till,
            TinyTokenShop shop,
            Set<TokenFault> faults) {
        this.origin = origin;
        this.buyer = buyer;
        this.payee = payee;
        this.issuing = issuing;
        this.serials = serials;
        this.till = till;
        this.shop = shop;
        this.faults = faults;
    }

    TinyAnswer directory() {
        return issuing.published();
    }

    TinyAnswer answer(TinyRequest request) throws Refusal {
        try {
            return switch (request.rawPath()) {
                case "/token-purchase" ->
                    purchase(request, PurchaseBody.parse(request.body).requests(), false);
                case "/token-request" -> purchase(request, List.of(TokenRequest.parse(request.body)), true);
                case "/token-swap" -> swap(request, SwapBody.parse(request.body));
                case "/token-restore" ->
                    restore(PurchaseBody.parse(request.body).requests());
                case "/token-redemptions" -> redeem(request, RedemptionBody.parse(request.body));
                case "/token-refund" -> {
                    if (faults.contains(TokenFault.REFUNDS_UNASKED)) {
                        yield new TinyAnswer(200).body("application/json", "{\"responses\":\"\"}");
                    }
                    throw TinyTill.no(ProblemType.NOT_FOUND, 404);
                }
                default -> throw TinyTill.no(ProblemType.NOT_FOUND, 404);
            };
        } catch (MalformedException e) {
            throw TinyTill.no(ProblemType.BAD_REQUEST, 400);
        }
    }

    private TinyAnswer purchase(TinyRequest request, List<TokenRequest> requests, boolean single)
            throws Refusal, MalformedException {
        long value = issuing.value(requests);
        if (!single && !issuing.isBundle(requests)) {
            throw TinyTill.no(ProblemType.BAD_REQUEST, 400);
        }
        long price = single && faults.contains(TokenFault.SINGLE_PRICE)
                ? 1
                : faults.contains(TokenFault.OTHER_PRICE) ? value + 1 : value;
        Priced priced = new Priced(request, origin, List.of(TinyTill.asked(price, origin, null)), null);
        boolean repeat = request.first("Authorization").isPresent();
        boolean sold = requests.stream().anyMatch(one -> serials.wasIssued(issuing.message(one)));
        if (sold && !repeat && !faults.contains(TokenFault.SOLD_TWICE)) {
            throw TinyTill.no(ProblemType.BAD_REQUEST, 400);
        }
        if (!repeat && faults.contains(TokenFault.SIGNS_UNPAID)) {
            throw new Refusal(till.unpaid(priced).answer().body("application/json", issuing.signed(requests)));
        }
        Shown shown = till.shown(priced);
        TinyAnswer stored = till.stored(shown);
        if (stored != null) {
            return faults.contains(TokenFault.PURCHASE_ONCE)
                    ? TinyTill.problem(ProblemType.BAD_REQUEST, 400, Map.of())
                    : stored;
        }
        requireOrder(priced, shown);
        TinyAnswer answer = till.receipt(signed(requests, single), shown, null);
        till.store(shown, answer);
        return answer;
    }

    private TinyAnswer signed(List<TokenRequest> requests, boolean single) throws Refusal {
        requests.forEach(one -> serials.issued(issuing.message(one)));
        return single && !faults.contains(TokenFault.SINGLE_IN_JSON)
                ? new TinyAnswer(200)
                        .bytes(SINGLE, issuing.sign(requests.get(0)).bytes())
                : new TinyAnswer(200).body("application/json", issuing.signed(requests));
    }

    private void requireOrder(Priced priced, Shown shown) throws Refusal, MalformedException {
        try {
            PaymentOrder.parse(shown.credential()).verify(buyer, origin);
        } catch (SignatureRejectedException e) {
            throw till.pay(
                    priced,
                    ProblemType.VERIFICATION_FAILED,
                    Map.of(),
                    shown.credential().challenge().id());
        }
    }

    private TinyAnswer swap(TinyRequest request, SwapBody body) throws Refusal {
        String owner = ContentDigest.of(request.body).format();
        TinyAnswer before = swaps.get(owner);
        if (before != null && !faults.contains(TokenFault.SWAP_ONCE)) {
            return before.copy();
        }
        List<BlindToken> in = body.tokens();
        boolean remote = body.challenge().isFor(payee.origin());
        if (remote && !isSigned(request) && !faults.contains(TokenFault.SWAPS_BEHIND_THE_PAYEE)) {
            throw TinyTill.no(ProblemType.NOT_ALLOWED, 403);
        }
        boolean good = in.stream()
                .allMatch(
                        token -> (remote ? isSignedByMe(token) : shop.isGood(token)) && token.isFor(body.challenge()));
        if (!good && !faults.contains(TokenFault.SWAP_UNSEEN)) {
            throw TinyTill.no(ProblemType.BAD_REQUEST, 400);
        }
        long out = issuing.value(body.requests());
        boolean twice = new HashSet<>(in).size() < in.size();
        if (twice || (out != issuing.worth(in) && !faults.contains(TokenFault.SWAP_MAKES_MONEY))) {
            throw TinyTill.no(ProblemType.AMOUNT_MISMATCH, 409);
        }
        claim(in, remote, before == null ? owner : owner + " again");
        TinyAnswer answer = signed(body.requests(), false);
        swaps.put(owner, answer.copy());
        return answer;
    }

    private void claim(List<BlindToken> in, boolean remote, String owner) throws Refusal {
        if (faults.contains(TokenFault.SWAPS_SPENT) || (remote && faults.contains(TokenFault.SWAPS_REDEEMED))) {
            return;
        }
        List<Integer> taken = serials.claim(in, owner);
        if (!taken.isEmpty()) {
            throw new Refusal(TinyTill.problem(ProblemType.TOKEN_SPENT, 409, shop.spent(taken)));
        }
        if (faults.contains(TokenFault.SWAP_KEEPS_INPUTS)) {
            serials.free(owner);
        }
    }

    private boolean isSigned(TinyRequest request) {
        String token = request.first("Authorization").orElse("");
        if (!token.startsWith("Bearer ")) {
            return false;
        }
        try {
            WalletRequest.parse(token.substring("Bearer ".length()))
                    .verify(
                            payee.key().publicKey(),
                            origin,
                            RequestTarget.of(request.method, origin, request.rawPath(), request.rawQuery()),
                            request.body,
                            shop.now());
            return true;
        } catch (MalformedException | SignatureRejectedException e) {
            return false;
        }
    }

    private boolean isSignedByMe(BlindToken token) {
        return issuing.keyOf(token).filter(key -> key.key().verify(token)).isPresent();
    }

    private TinyAnswer redeem(TinyRequest request, RedemptionBody body) throws Refusal {
        if (!isSigned(request) && !faults.contains(TokenFault.REDEEMS_FOR_ANYBODY)) {
            throw TinyTill.no(ProblemType.UNAUTHENTICATED, 401);
        }
        boolean mine = body.challenge().isFor(payee.origin()) || faults.contains(TokenFault.REDEEMS_FOR_OTHERS);
        if (!mine && !faults.contains(TokenFault.REDEEMS_FOR_ANYBODY)) {
            throw TinyTill.no(ProblemType.NOT_ALLOWED, 403);
        }
        if (faults.contains(TokenFault.ONE_SPOILS_ALL)
                && !body.tokens().stream().allMatch(this::isSignedByMe)) {
            throw TinyTill.no(ProblemType.BAD_REQUEST, 400);
        }
        List<Result> results = new ArrayList<>();
        long sum = 0;
        for (BlindToken token : body.tokens()) {
            Result result = redeem(token, body.challenge());
            results.add(result);
            sum += List.of(Result.ACCEPTED, Result.REPEATED).contains(result) ? issuing.worth(List.of(token)) : 0;
        }
        return new TinyAnswer(200).body("application/json", new RedemptionAnswer(results, new Amount(sum)).format());
    }

    private Result redeem(BlindToken token, TokenChallenge challenge) {
        if (!(isSignedByMe(token) && token.isFor(challenge)) && !faults.contains(TokenFault.REDEEMS_SPOILT)) {
            return Result.INVALID;
        }
        boolean first = redeemed.add(token.serial().text());
        if (!serials.claim(List.of(token), REDEEMED).isEmpty()) {
            return faults.contains(TokenFault.REDEEMS_SWAPPED) ? Result.ACCEPTED : Result.SPENT;
        }
        if (first || faults.contains(TokenFault.REDEEMS_AGAIN)) {
            return Result.ACCEPTED;
        }
        return faults.contains(TokenFault.REPEAT_IS_SPENT) ? Result.SPENT : Result.REPEATED;
    }

    private TinyAnswer restore(List<TokenRequest> requests) throws Refusal {
        List<Optional<TokenResponse>> answers = new ArrayList<>();
        for (TokenRequest request : requests) {
            boolean issued =
                    serials.wasIssued(issuing.message(request)) && !faults.contains(TokenFault.RESTORES_NOTHING);
            answers.add(
                    issued || faults.contains(TokenFault.RESTORES_ANYTHING)
                            ? Optional.of(issuing.sign(request))
                            : Optional.empty());
        }
        return new TinyAnswer(200).body("application/json", new RestoreAnswer(answers).format());
    }
}
