package org.farthing.conformance.server;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.farthing.conformance.server.TinyRefusals.Refusal;
import org.farthing.conformance.server.TinyTill.Priced;
import org.farthing.conformance.server.TinyTill.Shown;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.PrivateTokenChallenge;
import org.farthing.protocol.token.PrivateTokenScheme;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.testing.TestTokenKeys;

/** The pages of {@link TinyMint}, paid by tokens. */
final class TinyTokenShop {

    private static final int MOST = 3;
    /** Characters of a token in base64url. */
    private static final int TOKEN = 472;

    private static final Map<PageName, Long> PRICES = Map.of(
            PageName.PAID, 1000L, PageName.TOKEN_SUM, 2500L, PageName.PRIVATE_TOKEN, 1000L, PageName.FAILING, 1000L);

    private final Origin origin;
    private final SigningKey key;
    private final TinyClock clock;
    private final TinyIssuing issuing;
    private final TinySerials serials;
    private final TinyTill till;
    private final Set<TokenFault> faults;
    private final AtomicInteger served = new AtomicInteger();

    TinyTokenShop(
            Origin origin,
            SigningKey key,
            TinyClock clock,
            TinyIssuing issuing,
            TinySerials serials,
            TinyTill till,
            Set<TokenFault> faults) {
        this.origin = origin;
        this.key = key;
        this.clock = clock;
        this.issuing = issuing;
        this.serials = serials;
        this.till = till;
        this.faults = faults;
    }

    Instant now() {
        return clock.instant();
    }

    static String path(PageName page) {
        return "/" + page.word();
    }

    /** What tokens of this origin must be for. */
    TokenChallenge challenge() {
        Origin payee = faults.contains(TokenFault.NAMES_ANOTHER_PAYEE) ? new Origin("https://else.example") : origin;
        TokenChallenge right = TokenChallenge.forPayee(origin, payee);
        return faults.contains(TokenFault.CHALLENGE_WITH_CONTEXT)
                ? new TokenChallenge(right.issuerName(), new byte[32], right.originInfo())
                : right;
    }

    private TokenOffer offer() {
        boolean coarse = faults.contains(TokenFault.OFF_THE_GRID);
        return new TokenOffer(
                origin,
                challenge(),
                new Denominations(coarse ? List.of(2000L) : TinyIssuing.VALUES),
                MOST,
                false,
                faults.contains(TokenFault.HASH_OF_ANOTHER)
                        ? TestTokenKeys.publicKey(0).keyId()
                        : issuing.directory().hash());
    }

    TinyAnswer answer(TinyRequest request) throws Refusal {
        PageName page = PRICES.keySet().stream()
                .filter(name -> path(name).equals(request.rawPath()))
                .findFirst()
                .orElseThrow(() -> TinyTill.no(ProblemType.NOT_FOUND, 404));
        long price = PRICES.getOrDefault(page, 0L);
        Priced priced = new Priced(
                request,
                origin,
                List.of(TinyTill.asked(price, origin, offer().toMethodDetails())),
                page == PageName.PRIVATE_TOKEN ? privateToken(price) : null);
        if (page == PageName.PRIVATE_TOKEN
                && PrivateTokenScheme.isPrivateToken(
                        request.first("Authorization").orElse(""))) {
            return byPrivateToken(priced, request.first("Authorization").orElse(""));
        }
        Shown shown = till.shown(priced);
        TinyAnswer stored = till.stored(shown);
        if (stored != null && !faults.contains(TokenFault.REPEAT_REFUSED)) {
            return stored;
        }
        return sell(page, priced, shown, tokens(priced, shown), stored != null);
    }

    private String privateToken(long price) {
        int at = TinyIssuing.VALUES.indexOf(price);
        TokenKey asked = TestTokenKeys.publicKey(
                faults.contains(TokenFault.KEY_FOR_ONE)
                        ? 5
                        : faults.contains(TokenFault.KEY_OF_ANOTHER_VALUE) ? at + 1 : at);
        return PrivateTokenScheme.format(PrivateTokenChallenge.of(challenge(), asked, 300));
    }

    private TinyAnswer byPrivateToken(Priced priced, String value) throws Refusal {
        try {
            BlindToken token = PrivateTokenScheme.parseCredential(value);
            boolean good = isGood(token)
                    && issuing.worth(List.of(token))
                            == priced.asked().get(0).amount().baseUnits();
            if (!good && !faults.contains(TokenFault.PRIVATE_TOKEN_UNSEEN)) {
                throw till.unpaid(priced);
            }
            String owner = "private " + served.incrementAndGet();
            if (!faults.contains(TokenFault.PRIVATE_TOKEN_AGAIN)
                    && !serials.claim(List.of(token), owner).isEmpty()) {
                throw till.unpaid(priced);
            }
            return page();
        } catch (MalformedException e) {
            throw till.unpaid(priced);
        }
    }

    private TinyAnswer page() {
        return new TinyAnswer(200).body("application/json", "{\"served\":\"" + served.incrementAndGet() + "\"}");
    }

    /** Whether a token was made by this issuer, for this origin. */
    boolean isGood(BlindToken token) {
        Optional<PublishedKey> signer = issuing.keyOf(token);
        boolean mine = token.isFor(challenge()) || faults.contains(TokenFault.ANY_PAYEE);
        return mine
                && (faults.contains(TokenFault.SIGNATURE_UNSEEN)
                        || signer.filter(one -> one.key().verify(token)).isPresent());
    }

    private List<BlindToken> tokens(Priced priced, Shown shown) throws Refusal {
        String id = shown.credential().challenge().id();
        Map<String, Object> payload = shown.credential().payload();
        String text = String.valueOf(payload.get("tokens"));
        try {
            if (faults.contains(TokenFault.LEAVES_THE_REST)) {
                int whole = text.length() / TOKEN * TOKEN;
                text = text.substring(0, whole);
            }
            int most = faults.contains(TokenFault.ANY_NUMBER) ? 100 : MOST;
            return faults.contains(TokenFault.TWICE_COUNTS) ? oneByOne(text) : BlindToken.parseAll(text, most);
        } catch (MalformedException e) {
            throw till.pay(priced, ProblemType.INVALID_PAYLOAD, Map.of(), id);
        }
    }

    private static List<BlindToken> oneByOne(String text) throws MalformedException {
        List<BlindToken> tokens = new ArrayList<>();
        for (int at = 0; at < text.length(); at += TOKEN) {
            tokens.addAll(BlindToken.parseAll(text.substring(at, Math.min(at + TOKEN, text.length())), 1));
        }
        return tokens;
    }

    private TinyAnswer sell(PageName page, Priced priced, Shown shown, List<BlindToken> tokens, boolean isRepeat)
            throws Refusal {
        String id = shown.credential().challenge().id();
        if (faults.contains(TokenFault.TAKES_NONE)) {
            throw till.pay(priced, ProblemType.VERIFICATION_FAILED, Map.of(), id);
        }
        if (faults.contains(TokenFault.CLAIMS_BEFORE_VERIFYING)) {
            claim(priced, tokens, id);
        }
        if (!tokens.stream().allMatch(this::isGood)) {
            throw till.pay(priced, ProblemType.VERIFICATION_FAILED, Map.of(), id);
        }
        requireInTime(priced, tokens, id);
        add(priced, tokens, id);
        claim(priced, tokens, isRepeat ? id + " again" : id);
        return page == PageName.FAILING ? released(shown, tokens, id) : delivered(shown, tokens);
    }

    /** A good token that was not spent in its time. */
    BlindToken expired() {
        return issuing.expired(challenge());
    }

    private void requireInTime(Priced priced, List<BlindToken> tokens, String id) throws Refusal {
        List<Integer> expired = issuing.expired(tokens);
        if (expired.isEmpty() || faults.contains(TokenFault.NO_END)) {
            return;
        }
        if (faults.contains(TokenFault.EXPIRED_IS_BAD)) {
            throw till.pay(priced, ProblemType.VERIFICATION_FAILED, Map.of(), id);
        }
        Map<String, Object> members = new TreeMap<>();
        if (!faults.contains(TokenFault.EXPIRED_WITHOUT_PLACES)) {
            members.put("expired", places(expired));
        }
        if (!faults.contains(TokenFault.EXPIRED_WITHOUT_WAY_OUT)) {
            members.put("resolve", List.of(Map.of("rel", "swap", "href", origin + "/token-swap")));
        }
        throw till.pay(priced, ProblemType.TOKEN_EXPIRED, members, id);
    }

    private void add(Priced priced, List<BlindToken> tokens, String id) throws Refusal {
        boolean twice = new HashSet<>(tokens).size() < tokens.size();
        if (twice && !faults.contains(TokenFault.TWICE_COUNTS)) {
            throw till.pay(priced, ProblemType.INVALID_PAYLOAD, Map.of(), id);
        }
        long missing = priced.asked().get(0).amount().baseUnits() - issuing.worth(tokens);
        if ((missing > 0 && !faults.contains(TokenFault.LESS_IS_ENOUGH))
                || (missing < 0 && !faults.contains(TokenFault.KEEPS_THE_REST))) {
            throw till.pay(priced, ProblemType.AMOUNT_MISMATCH, Map.of(), id);
        }
    }

    private void claim(Priced priced, List<BlindToken> tokens, String owner) throws Refusal {
        List<Integer> taken = serials.claim(tokens, owner);
        if (!taken.isEmpty()) {
            throw till.pay(priced, ProblemType.TOKEN_SPENT, spent(taken), owner.split(" ", 2)[0]);
        }
    }

    /** Which tokens are spent, for a problem. */
    Map<String, String> spent(List<Integer> taken) {
        return faults.contains(TokenFault.NO_INDEX) ? Map.of() : Map.of("spent", places(taken));
    }

    private static String places(List<Integer> of) {
        return of.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private TinyAnswer delivered(Shown shown, List<BlindToken> tokens) {
        TinyAnswer answer = till.receipt(page(), shown, tokens.size());
        till.store(shown, answer);
        return answer;
    }

    private TinyAnswer released(Shown shown, List<BlindToken> tokens, String id) {
        TinyAnswer answer = new TinyAnswer(500);
        if (faults.contains(TokenFault.FAILURE_CHARGED)) {
            return till.receipt(answer, shown, tokens.size());
        }
        if (faults.contains(TokenFault.RELEASE_FREES)) {
            serials.free(id);
        }
        List<String> listed = faults.contains(TokenFault.RELEASE_WITHOUT_SERIALS)
                ? List.of()
                : tokens.stream().map(token -> token.serial().text()).toList();
        TinyTill.outcome(answer, ChargeOutcome.State.RELEASED, id);
        return answer.add(
                "Payment-Release",
                ReleaseStatement.sign(key, id, origin, clock.instant(), listed).formatField());
    }
}
