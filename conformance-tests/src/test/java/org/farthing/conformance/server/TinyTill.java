package org.farthing.conformance.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.farthing.conformance.server.TinyRefusals.Refusal;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.ReceiptSigner;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/** The challenges of {@link TinyMint}, and the credentials that answer them. */
final class TinyTill {

    private static final Duration LIFE = Duration.ofMinutes(5);

    /** What is priced: a request, by which methods. */
    record Priced(
            TinyRequest request,
            Origin origin,
            List<PaymentRequest> asked,
            @Nullable String privateToken) {}

    /** A credential for something priced, right but for its payload. */
    record Shown(Credential credential, PaymentRequest request) {}

    private final SecureRandom random = new SecureRandom();
    private final SecretRing ring;
    private final SigningKey key;
    private final TinyClock clock;
    private final Set<TokenFault> faults;
    private final Map<String, TinyAnswer> done = new ConcurrentHashMap<>();

    TinyTill(SigningKey key, TinyClock clock, Set<TokenFault> faults) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.ring = SecretRing.builder().current(secret).build();
        this.key = key;
        this.clock = clock;
        this.faults = faults;
    }

    /** What one method asks: by tokens if there are details, else by an order. */
    static PaymentRequest asked(long amount, Origin origin, @Nullable Map<String, Object> details) {
        return new PaymentRequest(
                new Amount(amount),
                new CurrencyId("usd.e6"),
                origin.text(),
                null,
                null,
                details == null ? Map.of("capture", "exact") : details,
                Map.of());
    }

    private static String method(PaymentRequest request) {
        return request.methodDetails().containsKey("issuer") ? "token" : "wallet";
    }

    /** 402 with challenges. */
    Refusal pay(Priced priced, ProblemType type, Map<String, ?> members, @Nullable String challengeId) {
        TinyAnswer answer = problem(type, 402, members);
        for (PaymentRequest request : priced.asked()) {
            answer.add("WWW-Authenticate", challenge(priced, request).format());
        }
        if (priced.privateToken() != null) {
            answer.add("WWW-Authenticate", priced.privateToken());
        }
        if (challengeId != null) {
            outcome(answer, ChargeOutcome.State.REFUSED, challengeId);
        }
        return new Refusal(answer);
    }

    Refusal unpaid(Priced priced) {
        return pay(priced, ProblemType.PAYMENT_REQUIRED, Map.of(), null);
    }

    /** A problem of another status. */
    static Refusal no(ProblemType type, int status) {
        return new Refusal(problem(type, status, Map.of()));
    }

    static TinyAnswer problem(ProblemType type, int status, Map<String, ?> members) {
        Problem problem = Problem.of(type, "Not like this.").withStatus(status);
        for (Map.Entry<String, ?> member : members.entrySet()) {
            problem = problem.with(member.getKey(), member.getValue());
        }
        return new TinyAnswer(status)
                .add("Cache-Control", "no-store")
                .body("application/problem+json", problem.toJson());
    }

    static void outcome(TinyAnswer answer, ChargeOutcome.State state, String challengeId) {
        answer.put("Payment-Outcome", new ChargeOutcome(state, challengeId).format());
    }

    private Challenge challenge(Priced priced, PaymentRequest asked) {
        TinyRequest request = priced.request();
        ChallengeTerms terms = new ChallengeTerms(
                priced.origin().realm(),
                method(asked),
                "charge",
                asked.format(),
                Rfc3339.format(clock.instant().plus(LIFE)),
                digest(request),
                Opaque.exact(Opaque.newNonce(random), target(priced).rb()).format(),
                null);
        return new Challenge(ring.id(terms), terms, null, null);
    }

    private @Nullable String digest(TinyRequest request) {
        return request.hasBody() && !faults.contains(TokenFault.ORDER_NOT_BOUND)
                ? ContentDigest.of(request.body).format()
                : null;
    }

    private static RequestTarget target(Priced priced) {
        TinyRequest request = priced.request();
        return RequestTarget.of(request.method, priced.origin(), request.rawPath(), request.rawQuery());
    }

    /** The stored answer, if these bytes were presented before. */
    @Nullable
    TinyAnswer stored(Shown shown) {
        TinyAnswer answer = done.get(shown.credential().fingerprint());
        return answer == null ? null : answer.copy().put("Payment-Replayed", "true");
    }

    void store(Shown shown, TinyAnswer answer) {
        done.put(shown.credential().fingerprint(), answer.copy());
    }

    /** The credential of a request: checked but for the payload. */
    Shown shown(Priced priced) throws Refusal {
        String value = priced.request().first("Authorization").orElse("");
        if (!value.startsWith("Payment ")) {
            throw unpaid(priced);
        }
        try {
            Credential credential = Credential.parse(value);
            Challenge challenge = credential.challenge();
            PaymentRequest request = priced.asked().stream()
                    .filter(one -> method(one).equals(challenge.method())
                            && one.format().equals(challenge.request()))
                    .findFirst()
                    .orElse(null);
            boolean right = request != null
                    && ring.verify(challenge, clock.instant())
                    && target(priced)
                            .rb()
                            .equals(Opaque.parse(String.valueOf(challenge.opaque()))
                                    .rb())
                    && Objects.equals(challenge.digest(), digest(priced.request()));
            if (!right) {
                throw pay(priced, ProblemType.INVALID_CHALLENGE, Map.of(), challenge.id());
            }
            Instant ends = challenge.expiresAt();
            if (!clock.instant().isBefore(ends)) {
                throw pay(priced, ProblemType.PAYMENT_EXPIRED, Map.of(), challenge.id());
            }
            return new Shown(credential, Objects.requireNonNull(request));
        } catch (MalformedException e) {
            throw pay(priced, ProblemType.MALFORMED_CREDENTIAL, Map.of(), null);
        }
    }

    /** An answer to a good payment, with what proves it. */
    TinyAnswer receipt(TinyAnswer answer, Shown shown, @Nullable Integer tokens) {
        Challenge challenge = shown.credential().challenge();
        PaymentReceipt.Builder receipt = PaymentReceipt.builder(
                        challenge.method(), "tiny-" + challenge.id(), clock.instant())
                .forChallenge(challenge, shown.request(), shown.request().amount())
                .with("rb", rb(challenge));
        if (tokens != null && !faults.contains(TokenFault.NO_COUNT)) {
            receipt.with("tokens", tokens.toString());
        }
        PaymentReceipt made = receipt.build();
        PaymentReceipt sent = faults.contains(TokenFault.RECEIPT_NOT_SIGNED) ? made : ReceiptSigner.sign(key, made);
        answer.put("Payment-Receipt", sent.format()).put("Cache-Control", "private");
        outcome(answer, ChargeOutcome.State.CAPTURED, challenge.id());
        return answer;
    }

    private static @Nullable String rb(Challenge challenge) {
        try {
            return Opaque.parse(String.valueOf(challenge.opaque())).rb();
        } catch (MalformedException e) {
            return null;
        }
    }
}
