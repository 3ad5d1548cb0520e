package org.farthing.client.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RecallBody;
import org.farthing.protocol.token.RefundBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.protocol.token.TokenSerial;
import org.farthing.testing.TestTokenKeys;

/**
 * An issuer and payee in one, on one ledger: sells bundles for a wallet's order, signs each message once and again for nothing,
 * swaps, and takes tokens for its pages. It counts what it was paid and what it signed, whatever it tells the client.
 */
public final class TestMint {

    public static final String CURRENCY = "usd.e6";

    /** What a page costs unless a test says otherwise: 1600 + 800 + 100. */
    public static final long PRICE = 2500;

    private static final Instant SOLD_FROM = SettableClock.START.minus(Duration.ofDays(1));

    private final Origin origin;
    private final TestPayee payee;
    private final VerificationKey payer;
    private final Map<String, TokenSecretKey> secrets = new HashMap<>();
    private final Map<String, PublishedKey> ever = new HashMap<>();
    private final Map<String, Long> issued = new LinkedHashMap<>();
    private final Map<TokenSerial, String> spent = new LinkedHashMap<>();
    private final Set<String> served = new HashSet<>();
    private final Map<String, Long> due = new HashMap<>();
    private final List<String> refusedSwaps = new ArrayList<>();
    private IssuerDirectory directory;

    public long price = PRICE;
    public int maxTokens = 4;
    public boolean takesAnyPayees = false;
    public Consumer<Offer> offer = offer -> {};
    public UnaryOperator<TokenOffer> details = details -> details;
    public Function<Received, Optional<Reply>> instead = request -> Optional.empty();

    public TestMint(TestPayee payee, VerificationKey payer) {
        this.origin = payee.origin();
        this.payee = payee;
        this.payer = payer;
        List<PublishedKey> keys = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            keys.add(key(i, 100L << i, SOLD_FROM));
        }
        this.directory = directory(keys, 6300);
    }

    /** A key of so much value, with the usual deadlines counted from a time. */
    public PublishedKey key(int index, long value, Instant from) {
        Instant start = Instant.ofEpochSecond(from.getEpochSecond());
        TokenSecretKey secret = TestTokenKeys.get(index);
        secrets.put(secret.publicKey().keyId(), secret);
        PublishedKey key = new PublishedKey(
                secret.publicKey(),
                Amount.of(value),
                new CurrencyId(CURRENCY),
                start,
                start.plus(Duration.ofDays(30)),
                start.plus(Duration.ofDays(60)),
                start.plus(Duration.ofDays(67)),
                start.plus(Duration.ofDays(90)));
        ever.put(secret.publicKey().keyId(), key);
        return key;
    }

    /** Publishes other keys; the bundle has the fewest tokens of its amount, one of each value for 63 times the smallest. */
    public void publish(List<PublishedKey> keys, long bundle) {
        directory = directory(keys, bundle);
    }

    private IssuerDirectory directory(List<PublishedKey> keys, long bundle) {
        Denominations values = denominations(keys);
        return IssuerDirectory.of(
                origin,
                IssuerLinks.at(origin),
                keys,
                List.of(new Bundle(
                        Amount.of(bundle), values.fewest(Amount.of(bundle)).orElseThrow())));
    }

    private static Denominations denominations(List<PublishedKey> keys) {
        return new Denominations(keys.stream()
                .map(key -> key.value().baseUnits())
                .distinct()
                .sorted()
                .toList());
    }

    public IssuerDirectory directory() {
        return directory;
    }

    /** What the server does with every request. */
    public Function<Received, Reply> script() {
        return request -> instead.apply(request).orElseGet(() -> answer(request));
    }

    public synchronized Reply answer(Received request) {
        try {
            return switch (request.target()) {
                case KeyDirectory.WELL_KNOWN_PATH -> Reply.ok(payee.directory().format());
                case IssuerDirectory.WELL_KNOWN_PATH ->
                    Reply.ok("").body(directory.bytes()).header("Cache-Control", "max-age=86400");
                case "/token-purchase" -> purchase(request);
                case "/token-swap" -> swap(SwapBody.parse(bytes(request)));
                case "/token-recall" -> recall(RecallBody.parse(bytes(request)));
                case "/token-refund" -> refund(RefundBody.parse(bytes(request)));
                case "/token-restore" -> restore(PurchaseBody.parse(bytes(request)));
                default -> page(request);
            };
        } catch (MalformedException e) {
            throw new AssertionError("the client sent what nobody can read", e);
        }
    }

    private static byte[] bytes(Received request) {
        return request.text().getBytes(StandardCharsets.UTF_8);
    }

    private Reply purchase(Received request) throws MalformedException {
        PurchaseBody body = PurchaseBody.parse(bytes(request));
        return payee.script(
                        payer,
                        unpaid -> issuedBefore(body)
                                ? Reply.problem(Problem.of(ProblemType.ALREADY_FULFILLED, "Sold before."))
                                : payee.demand(unpaid, made -> {
                                    made.amount = value(body.requests());
                                    offer.accept(made);
                                }),
                        (paid, credential) -> payee.serve(credential).body(signed(body)))
                .apply(request);
    }

    private boolean issuedBefore(PurchaseBody body) {
        return body.requests().stream().anyMatch(asked -> issued.containsKey(message(asked)));
    }

    private long value(List<TokenRequest> requests) {
        return requests.stream()
                .mapToLong(asked -> key(asked).value().baseUnits())
                .sum();
    }

    private PublishedKey key(TokenRequest asked) {
        return directory.keyByTruncated(asked.truncatedKeyId()).orElseThrow();
    }

    private String message(TokenRequest asked) {
        return Base64Url.encode(asked.messageHash(key(asked).key().id()));
    }

    private String signed(PurchaseBody body) {
        return new TokenResponses(body.requests().stream().map(this::sign).toList()).format();
    }

    private TokenResponse sign(TokenRequest asked) {
        try {
            issued.put(message(asked), key(asked).value().baseUnits());
            return new TokenResponse(secrets.get(key(asked).key().keyId()).blindSign(asked.blinded()));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private Reply restore(PurchaseBody body) {
        List<Optional<TokenResponse>> answers = body.requests().stream()
                .map(asked ->
                        issued.containsKey(message(asked)) ? Optional.of(sign(asked)) : Optional.<TokenResponse>empty())
                .toList();
        return Reply.ok(new RestoreAnswer(answers).format());
    }

    private Reply refund(RefundBody body) {
        long owed = due.getOrDefault(body.credential().fingerprint(), 0L);
        if (owed == 0 || owed != value(body.requests())) {
            return Reply.problem(Problem.of(ProblemType.NOT_FOUND, "Nothing is due."));
        }
        due.remove(body.credential().fingerprint());
        return Reply.ok(signed(new PurchaseBody(body.requests())));
    }

    /** Gives a payment back, to who shows its credential. */
    public synchronized void giveBack(Credential paid, long amount) {
        due.put(paid.fingerprint(), amount);
    }

    private Reply swap(SwapBody body) {
        String owner = body.owner();
        List<Integer> gone = new ArrayList<>();
        long given = 0;
        for (int i = 0; i < body.tokens().size(); i++) {
            BlindToken token = body.tokens().get(i);
            given += verified(token, body.challenge()).value().baseUnits();
            if (!spent.getOrDefault(token.serial(), owner).equals(owner)) {
                gone.add(i);
            }
        }
        if (!gone.isEmpty()) {
            refusedSwaps.add(owner);
            String indexes = String.join(" ", gone.stream().map(String::valueOf).toList());
            return Reply.problem(Problem.of(ProblemType.TOKEN_SPENT, "Spent.")
                    .with("spent", indexes)
                    .withStatus(409));
        }
        if (given != value(body.requests())) {
            throw new AssertionError("a swap of " + given + " for " + value(body.requests()));
        }
        body.tokens().forEach(token -> spent.put(token.serial(), owner));
        return Reply.ok(signed(new PurchaseBody(body.requests())));
    }

    private Reply recall(RecallBody body) {
        List<Integer> unknown = new ArrayList<>();
        long given = 0;
        List<PendingToken> opened = body.opened();
        for (int i = 0; i < opened.size(); i++) {
            PendingToken token = opened.get(i);
            if (!issued.containsKey(
                    Base64Url.encode(token.request().messageHash(token.key().id())))) {
                unknown.add(i);
            }
            if (directory.key(token.key().keyId()).isPresent()) {
                throw new AssertionError("a recall of a key that is listed");
            }
            if (!spent.getOrDefault(token.serial(), body.owner()).equals(body.owner())) {
                throw new AssertionError("a recall of a token that was spent");
            }
            given += ever.get(token.key().keyId()).value().baseUnits();
        }
        if (!unknown.isEmpty()) {
            return Reply.problem(Problem.of(ProblemType.BAD_REQUEST, "Not bought.")
                    .with(
                            "unknown",
                            String.join(
                                    " ", unknown.stream().map(String::valueOf).toList()))
                    .withStatus(409));
        }
        if (given != value(body.requests())) {
            throw new AssertionError("a recall of " + given + " for " + value(body.requests()));
        }
        opened.forEach(token -> spent.put(token.serial(), body.owner()));
        return Reply.ok(signed(new PurchaseBody(body.requests())));
    }

    /** Forgets that it signed something, as if somebody else had made the token. */
    public synchronized void forgetOneMessage() {
        issued.remove(issued.keySet().iterator().next());
    }

    private PublishedKey verified(BlindToken token, TokenChallenge challenge) {
        PublishedKey key = directory
                .key(Base64Url.encode(token.keyId()))
                .orElseThrow(() -> new AssertionError("a token of a key that is not published"));
        TokenKey publicKey = key.key();
        if (!publicKey.verify(token) || !token.isFor(challenge)) {
            throw new AssertionError("a token that does not hold");
        }
        return key;
    }

    /** The token challenge of its pages. */
    public TokenChallenge challenge() {
        return takesAnyPayees ? TokenChallenge.anyPayee(origin) : TokenChallenge.forPayee(origin, origin);
    }

    private Reply page(Received request) throws MalformedException {
        Optional<Credential> credential = request.credential();
        if (credential.isEmpty()) {
            return TestPayee.demand(payee.signed(tokenOffer(request)));
        }
        Credential paid = credential.get();
        if (!paid.challenge().method().equals("token")) {
            throw new AssertionError("the page was paid by " + paid.challenge().method());
        }
        if (paid.source() != null) {
            throw new AssertionError("a token credential says who pays");
        }
        List<BlindToken> tokens = TokenPayload.parse(paid.payload(), maxTokens);
        long sum = 0;
        for (BlindToken token : tokens) {
            sum += verified(token, challenge()).value().baseUnits();
            String owner = spent.getOrDefault(token.serial(), paid.challenge().id());
            if (!owner.equals(paid.challenge().id())) {
                return Reply.problem(Problem.of(ProblemType.TOKEN_SPENT, "Spent."))
                        .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.REFUSED, paid));
            }
        }
        if (sum != price) {
            throw new AssertionError("paid " + sum + " for " + price);
        }
        tokens.forEach(token -> spent.put(token.serial(), paid.challenge().id()));
        served.add(paid.challenge().id());
        return payee.serve(paid);
    }

    /** Gives the tokens of a payment back, as a payee does some time after it released the charge. */
    public synchronized void forget(String challengeId) {
        spent.values().removeIf(challengeId::equals);
        served.remove(challengeId);
    }

    /** What it asks for a page. */
    public Offer tokenOffer(Received request) {
        Offer made = payee.offer(request);
        made.method = "token";
        TokenOffer said = details.apply(new TokenOffer(
                origin, challenge(), denominations(directory.keys()), maxTokens, false, directory.hash()));
        made.request = new PaymentRequest(
                        Amount.of(price),
                        new CurrencyId(CURRENCY),
                        made.recipient,
                        null,
                        null,
                        new TreeMap<>(said.toMethodDetails()),
                        Map.of())
                .format();
        offer.accept(made);
        return made;
    }

    /** What all tokens are worth that it ever signed. */
    public synchronized long issuedValue() {
        return issued.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many messages it signed, each counted once. */
    public synchronized int issuedCount() {
        return issued.size();
    }

    /** Which serials are used up, and by what. */
    public synchronized Map<TokenSerial, String> spent() {
        return Map.copyOf(spent);
    }

    /** How many payments it served for tokens. */
    public synchronized int servedCount() {
        return served.size();
    }

    public synchronized int refusedSwapCount() {
        return refusedSwaps.size();
    }

    /** What its wallet's ledger could have debited. */
    public long paid() {
        return payee.takable();
    }
}
