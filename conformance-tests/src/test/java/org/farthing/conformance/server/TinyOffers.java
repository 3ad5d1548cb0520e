package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.farthing.protocol.AcceptPayment;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.ChallengeId;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.ChallengeSigner;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/** Makes the challenges of {@link TinyPayee} and knows them again. */
final class TinyOffers {

    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Duration SHORT_LIFE = Duration.ofSeconds(2);
    private static final String NO_NONCE = "AAECAwQFBgcICQoLDA0ODw";

    private final SecureRandom random = new SecureRandom();
    private final SecretRing ring;
    private final SigningKey key;
    private final TinyClock clock;
    private final Set<Fault> faults;
    private final Set<String> issued = ConcurrentHashMap.newKeySet();
    private final Map<TinyPage, List<String>> last = new ConcurrentHashMap<>();

    TinyOffers(SigningKey key, TinyClock clock, Set<Fault> faults) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.ring = SecretRing.builder().current(secret).build();
        this.key = key;
        this.clock = clock;
        this.faults = faults;
    }

    /** The field values of a 402. */
    List<String> fields(TinyPage page, TinyRequest request, Origin origin) {
        if (faults.contains(Fault.NO_CHALLENGE)) {
            return List.of();
        }
        if (faults.contains(Fault.CHALLENGE_AGAIN) && last.containsKey(page)) {
            return last.get(page);
        }
        List<Challenge> challenges = new ArrayList<>();
        challenges.add(challenge(page, request, origin, "wallet", "usd.e6"));
        if (page == TinyPage.SEVERAL) {
            challenges.add(challenge(page, request, origin, "wallet", "eur.e6"));
            challenges.add(challenge(page, request, origin, "voucher", "usd.e6"));
        }
        List<String> fields =
                accepted(challenges, request).stream().map(this::written).toList();
        last.put(page, fields);
        return fields;
    }

    private List<Challenge> accepted(List<Challenge> challenges, TinyRequest request) {
        List<String> values = request.all("Accept-Payment");
        if (values.isEmpty() && faults.contains(Fault.ACCEPT_PAYMENT_NEEDED)) {
            return challenges.subList(0, 1);
        }
        if (values.isEmpty() || faults.contains(Fault.ACCEPT_PAYMENT_IGNORED)) {
            return challenges;
        }
        AcceptPayment accept = AcceptPayment.orAll(values);
        if (faults.contains(Fault.ACCEPT_PAYMENT_LEAVES_NONE)
                && challenges.stream().allMatch(offer -> accept.thousandths(offer.method(), offer.intent()) == 0)) {
            return List.of();
        }
        List<Challenge> ranked =
                new ArrayList<>((faults.contains(Fault.ACCEPT_PAYMENT_FIRST_RANGE) ? firstRange(accept) : accept)
                        .rank(challenges, Challenge::method, Challenge::intent));
        if (faults.contains(Fault.ACCEPT_PAYMENT_BACKWARDS)) {
            java.util.Collections.reverse(ranked);
        }
        if (faults.contains(Fault.ACCEPT_PAYMENT_KEEPS_ZERO)) {
            Set<Challenge> missing = new HashSet<>(challenges);
            ranked.forEach(missing::remove);
            ranked.addAll(missing);
        }
        return ranked;
    }

    /** Every method and intent by the first range that fits. */
    private static AcceptPayment firstRange(AcceptPayment accept) {
        List<AcceptPayment.Range> ranges = new ArrayList<>();
        for (String method : List.of("wallet", "voucher")) {
            accept.ranges().stream()
                    .filter(range -> Set.of(method, "*").contains(range.method())
                            && Set.of("charge", "*").contains(range.intent()))
                    .findFirst()
                    .ifPresent(range -> ranges.add(new AcceptPayment.Range(method, "charge", range.thousandths())));
        }
        return ranges.isEmpty() ? accept : new AcceptPayment(ranges);
    }

    private Challenge challenge(TinyPage page, TinyRequest request, Origin origin, String method, String currency) {
        PaymentRequest asked = new PaymentRequest(
                new Amount(page.price()),
                new CurrencyId(currency),
                origin.text(),
                description(request),
                null,
                Map.of("capture", "exact"),
                Map.of());
        String nonce = faults.contains(Fault.NO_NONCE) ? NO_NONCE : Opaque.newNonce(random);
        RequestTarget target = RequestTarget.of(request.method, origin, request.rawPath(), request.rawQuery());
        ChallengeTerms terms = new ChallengeTerms(
                origin.realm(),
                method,
                "charge",
                faults.contains(Fault.AMOUNT_WITH_POINT) ? pointed(asked.format()) : asked.format(),
                faults.contains(Fault.NO_EXPIRES) ? null : Rfc3339.format(expires(page)),
                digest(request),
                Opaque.exact(nonce, target.rb()).format(),
                page.ownsAuthorization() ? "Payment-Authorization" : null);
        Challenge made = new Challenge(id(bound(terms)), terms, "One \"page\"", null);
        issued.add(made.id());
        return faults.contains(Fault.CHALLENGE_NOT_SIGNED) ? made : ChallengeSigner.sign(key, made);
    }

    private static String pointed(String request) {
        String json = new String(Base64.getUrlDecoder().decode(request), UTF_8);
        return Base64Url.encodeUtf8(json.replaceFirst("\"amount\":\"[0-9]+\"", "\"amount\":\"0.001\""));
    }

    private String id(ChallengeTerms terms) {
        return faults.contains(Fault.PUBLISHED_SECRET)
                ? ChallengeId.compute("test-secret".getBytes(UTF_8), terms)
                : ring.id(terms);
    }

    private static @Nullable String description(TinyRequest request) {
        return request.first("Accept-Language").orElse("").startsWith("de") ? "Eine Seite" : "One page";
    }

    private Instant expires(TinyPage page) {
        if (faults.contains(Fault.BORN_EXPIRED)) {
            return clock.instant().minusSeconds(1);
        }
        Duration life = faults.contains(Fault.LIVES_A_YEAR) ? Duration.ofDays(365) : LIFE;
        return clock.instant().plus(page == TinyPage.SHORT ? SHORT_LIFE : life);
    }

    private @Nullable String digest(TinyRequest request) {
        boolean without = !request.hasBody() || faults.contains(Fault.NO_DIGEST);
        return without ? null : ContentDigest.of(request.body).format();
    }

    /** What the id is made of. */
    private ChallengeTerms bound(ChallengeTerms terms) {
        return new ChallengeTerms(
                terms.realm(),
                terms.method(),
                terms.intent(),
                faults.contains(Fault.REQUEST_REWRITTEN) ? rewritten(terms.request()) : terms.request(),
                faults.contains(Fault.EXPIRES_NOT_BOUND) ? null : terms.expires(),
                terms.digest(),
                faults.contains(Fault.OPAQUE_NOT_BOUND) ? null : terms.opaque(),
                faults.contains(Fault.HEADER_NOT_BOUND) ? null : terms.header());
    }

    private static String rewritten(String request) {
        try {
            return Base64Url.encodeUtf8(CanonicalJson.write(
                    StrictJson.parseObject(Base64Url.decode(request, "request"), "request", StrictJson.Limits.FIELD)));
        } catch (MalformedException e) {
            return request;
        }
    }

    /** Whether a challenge is one of ours, as it was. */
    boolean knows(Challenge echo) {
        if (faults.contains(Fault.PARAMETERS_NOT_BOUND) && issued.contains(echo.id())) {
            return true;
        }
        Challenge plain = new Challenge(echo.id(), bound(echo.terms()), null, null);
        return ring.verify(plain, clock.instant());
    }

    /** The challenge on the wire, with what is wrong about it. */
    private String written(Challenge challenge) {
        String text = challenge.format();
        if (faults.contains(Fault.EMPTY_ID)) {
            text = text.replace(challenge.id(), "");
        }
        if (faults.contains(Fault.NO_REALM)) {
            text = text.replaceFirst(" realm=\"[^\"]*\",", "");
        }
        if (faults.contains(Fault.REALM_NOT_ASCII)) {
            text = text.replaceFirst("realm=\"", "realm=\"K\u00e4se ");
        }
        if (faults.contains(Fault.METHOD_IN_CAPITALS)) {
            text = text.replace("method=\"wallet\"", "method=\"Wallet\"");
        }
        if (faults.contains(Fault.INTENT_NO_TOKEN)) {
            text = text.replace("intent=\"charge\"", "intent=\"one_charge\"");
        }
        if (faults.contains(Fault.REQUEST_PADDED)) {
            text = text.replace(challenge.request(), challenge.request() + "=");
        }
        if (faults.contains(Fault.REQUEST_NOT_CANONICAL)) {
            text = text.replace(
                    challenge.request(), Base64Url.encodeUtf8("{\"currency\":\"usd.e6\", \"amount\":\"1000\"}"));
        }
        if (faults.contains(Fault.EXPIRES_IN_SECONDS)) {
            text = text.replaceFirst(
                    "expires=\"[^\"]*\"",
                    "expires=\"" + clock.instant().plus(LIFE).getEpochSecond() + "\"");
        }
        if (faults.contains(Fault.OPAQUE_NESTED)) {
            text = text.replaceFirst(
                    "opaque=\"[^\"]*\"", "opaque=\"" + Base64Url.encodeUtf8("{\"n\":{\"m\":1}}") + "\"");
        }
        if (faults.contains(Fault.CUSTOM_PARAM_IN_CAPITALS)) {
            text += ", Shop=\"tiny\"";
        }
        if (faults.contains(Fault.LONG_CHALLENGE)) {
            text += ", shop=\"" + "tiny".repeat(2_100) + "\"";
        }
        if (faults.contains(Fault.HEADER_OF_ITS_OWN)) {
            text = text.replaceFirst("header=\"[^\"]*\"", "header=\"X-Wallet\"");
        }
        if (faults.contains(Fault.CHALLENGE_SIGNATURE_WRONG)) {
            text = spoiled(text);
        }
        return text;
    }

    /** With another letter in the middle of the signature than the one that stands there; its last letters are nearly always few. */
    private static String spoiled(String text) {
        int at = text.indexOf("..", text.indexOf("jws=\"")) + 40;
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        return text.substring(0, at) + other + text.substring(at + 1);
    }
}
