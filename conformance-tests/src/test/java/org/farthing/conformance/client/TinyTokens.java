package org.farthing.conformance.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.farthing.conformance.client.TinyWire.Answer;
import org.farthing.conformance.client.TinyWire.Field;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;

/** Blind tokens in the hands of a {@link TinyPayer}: bought ahead and spent, wrong where it is told to be. */
final class TinyTokens {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Set<Flaw> flaws;
    private final String source;
    private final InstantSource clock;
    private final TinyReader reader;
    private final TinyWire wire;
    private final TinyProof proof;
    private final Map<String, IssuerDirectory> directories = new HashMap<>();
    private final Map<String, List<PendingToken>> open = new HashMap<>();
    private final Map<String, List<BlindToken>> purse = new HashMap<>();

    TinyTokens(Set<Flaw> flaws, SigningKey key, String source, InstantSource clock) {
        this.flaws = flaws;
        this.source = source;
        this.clock = clock;
        this.reader = new TinyReader(flaws);
        this.wire = new TinyWire(false);
        this.proof = new TinyProof(flaws, key, source);
    }

    private boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    /** Does an errand with tokens; an exit code. */
    int run(Errand errand) {
        try {
            return errand.kind().equals(Errand.BUY) ? buy(errand.url()) : get(errand.url());
        } catch (IOException | MalformedException | SignatureRejectedException e) {
            return TinyPayer.ERROR;
        }
    }

    // ---- buying --------------------------------------------------------------------------------------------------

    private int buy(URI issuer) throws IOException, MalformedException {
        String name = issuer.toString();
        IssuerDirectory directory = directory(name);
        if (open.containsKey(name) && !has(Flaw.BUYS_AGAIN)) {
            byte[] order = order(open.get(name));
            Answer answer = wire.send(URI.create(directory.links().restore()), "POST", json(), order);
            List<TokenResponse> signed = new ArrayList<>();
            for (Optional<TokenResponse> one : RestoreAnswer.parse(
                            answer.body().getBytes(UTF_8), open.get(name).size())
                    .answers()) {
                one.ifPresent(signed::add);
            }
            return store(name, signed);
        }
        List<PendingToken> pending = new ArrayList<>();
        directory.bundles().get(0).tokens().forEach((value, count) -> {
            for (int i = 0; i < count; i++) {
                pending.add(begin(directory, value, new Origin(name)));
            }
        });
        open.put(name, pending);
        URI uri = URI.create(directory.links().purchase());
        Answer unpaid = wire.send(uri, "POST", json(), order(pending));
        Map<String, String> offer =
                reader.challenges(unpaid.values("WWW-Authenticate")).get(0);
        long price = PaymentRequest.parse(of(offer, "request")).amount().baseUnits();
        List<Field> fields = new ArrayList<>(json());
        fields.add(new Field("Authorization", proof.credential(offer, new Origin(name), price)));
        Answer paid = wire.send(uri, "POST", fields, order(pending));
        return store(
                name,
                TokenResponses.parse(paid.body().getBytes(UTF_8), pending.size())
                        .responses());
    }

    /** A parameter of a challenge, which none of ours lacks. */
    private static String of(Map<String, String> offer, String parameter) throws MalformedException {
        String value = offer.get(parameter);
        if (value == null) {
            throw new MalformedException(Fault.MISSING, parameter, "the challenge lacks it");
        }
        return value;
    }

    private static List<Field> json() {
        return List.of(new Field("Content-Type", "application/json"));
    }

    private static byte[] order(List<PendingToken> pending) {
        return new PurchaseBody(pending.stream().map(PendingToken::request).toList())
                .format()
                .getBytes(UTF_8);
    }

    private static PendingToken begin(IssuerDirectory directory, long value, Origin payee) {
        PublishedKey key = directory.keys().stream()
                .filter(one -> one.value().baseUnits() == value)
                .findFirst()
                .orElseThrow();
        return PendingToken.begin(
                key.key(),
                TokenChallenge.forPayee(payee, payee),
                random(32),
                random(PendingToken.SALT_LENGTH),
                random(PendingToken.BLIND_SEED_LENGTH));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private int store(String name, List<TokenResponse> signed) throws MalformedException {
        List<PendingToken> pending = open.getOrDefault(name, List.of());
        List<BlindToken> tokens = new ArrayList<>();
        for (int at = 0; at < signed.size(); at++) {
            try {
                tokens.add(pending.get(at).finish(signed.get(at)));
            } catch (SignatureRejectedException e) {
                if (!has(Flaw.KEEPS_BAD_SIGNATURES)) {
                    return TinyPayer.UNKNOWN;
                }
                tokens.add(unverified(pending.get(at), name));
            }
        }
        if (tokens.size() < pending.size()) {
            return TinyPayer.UNKNOWN;
        }
        open.remove(name);
        purse.computeIfAbsent(name, none -> new ArrayList<>()).addAll(tokens);
        return TinyPayer.SERVED;
    }

    /** What one has who does not look: the right form, and no signature. */
    private BlindToken unverified(PendingToken pending, String name) throws MalformedException {
        TokenChallenge challenge = TokenChallenge.forPayee(new Origin(name), new Origin(name));
        byte[] bytes = new byte[BlindToken.LENGTH];
        RANDOM.nextBytes(bytes);
        bytes[0] = 0;
        bytes[1] = 2;
        System.arraycopy(challenge.digest(), 0, bytes, 34, 32);
        System.arraycopy(keyOf(name, pending).key().id(), 0, bytes, 66, 32);
        return BlindToken.parse(bytes);
    }

    private PublishedKey keyOf(String name, PendingToken pending) {
        return Objects.requireNonNull(directories.get(name), "it was read before anything was asked for")
                .keyByTruncated(pending.request().truncatedKeyId())
                .orElseThrow();
    }

    private IssuerDirectory directory(String issuer) throws IOException, MalformedException {
        Answer answer = wire.send(URI.create(issuer + IssuerDirectory.WELL_KNOWN_PATH), "GET", List.of(), new byte[0]);
        IssuerDirectory directory = IssuerDirectory.parse(answer.body().getBytes(UTF_8));
        directories.put(issuer, directory);
        return directory;
    }

    // ---- paying --------------------------------------------------------------------------------------------------

    private int get(URI page) throws IOException, MalformedException, SignatureRejectedException {
        Answer unpaid = wire.send(page, "GET", List.of(), new byte[0]);
        if (unpaid.status() != 402) {
            return TinyPayer.OTHER;
        }
        Map<String, String> offer = reader.challenges(unpaid.values("WWW-Authenticate")).stream()
                .filter(one -> "token".equals(one.get("method")))
                .findFirst()
                .orElse(null);
        if (offer == null) {
            return TinyPayer.DECLINED;
        }
        List<BlindToken> tokens = tokens(page, offer);
        if (tokens.isEmpty()) {
            return TinyPayer.DECLINED;
        }
        Map<String, Object> whole = new LinkedHashMap<>();
        Map<String, String> echo = new LinkedHashMap<>(offer);
        echo.remove("jws");
        whole.put("challenge", echo);
        whole.put("payload", TokenPayload.toPayload(tokens));
        if (has(Flaw.TOKENS_NAME_THE_PAYER)) {
            whole.put("source", source);
        }
        String credential = "Payment " + Base64Url.encodeUtf8(CanonicalJson.write(whole));
        Answer answer = wire.send(page, "GET", List.of(new Field("Authorization", credential)), new byte[0]);
        if (answer.status() != 200 && has(Flaw.SHOWS_SEEN_TOKENS)) {
            purse.values().iterator().next().addAll(0, tokens);
        }
        return answer.status() == 200 ? TinyPayer.SERVED : TinyPayer.OTHER;
    }

    /** Tokens that pay an offer, which nobody has any more then; none if it is not to be paid. */
    private List<BlindToken> tokens(URI page, Map<String, String> offer)
            throws IOException, MalformedException, SignatureRejectedException {
        Origin payee = Origin.of(page);
        PaymentRequest request = PaymentRequest.parse(of(offer, "request"));
        TokenOffer terms = TokenOffer.parse(request.methodDetails());
        String issuer = terms.issuer().text();
        boolean mine = terms.challenge().equals(TokenChallenge.forPayee(terms.issuer(), payee));
        if (!mine && !has(Flaw.ANY_PAYEES_TOKENS)) {
            return List.of();
        }
        verify(page, payee, offer);
        Amount amount = request.amount();
        if (!terms.denominations().fits(amount, terms.maxTokens()) && !has(Flaw.ANY_NUMBER_OF_TOKENS)) {
            return List.of();
        }
        if (!purse.containsKey(issuer) && has(Flaw.BUYS_WHEN_ASKED)) {
            buy(URI.create(issuer));
        }
        List<BlindToken> held = purse.getOrDefault(issuer, new ArrayList<>());
        IssuerDirectory known = directories.get(issuer);
        if (known == null || (!known.hash().equals(terms.keys()) && !has(Flaw.ANY_DIRECTORY))) {
            return List.of();
        }
        List<BlindToken> chosen = choose(known, held, amount.baseUnits(), terms.keepsOverpay());
        held.removeAll(chosen);
        return has(Flaw.PAYS_LESS_IN_TOKENS) ? chosen.subList(0, Math.min(1, chosen.size())) : chosen;
    }

    private void verify(URI page, Origin payee, Map<String, String> offer)
            throws IOException, MalformedException, SignatureRejectedException {
        URI keys = URI.create(payee.text() + KeyDirectory.WELL_KNOWN_PATH);
        KeyDirectory document = KeyDirectory.parse(
                wire.send(keys, "GET", List.of(), new byte[0]).body());
        Challenge challenge = Challenge.ofEcho(offer, "offer").withJws(of(offer, "jws"));
        ChallengeVerifier.verify(challenge, RequestTarget.ofUri("GET", page), document, null, clock.instant());
    }

    /** From the largest down, exactly; or one that is more, where the payee would keep the rest. */
    private List<BlindToken> choose(IssuerDirectory known, List<BlindToken> held, long amount, boolean keeps) {
        boolean generous = keeps && has(Flaw.OVERPAYS_IN_TOKENS);
        List<BlindToken> chosen = new ArrayList<>();
        long left = amount;
        List<BlindToken> largestFirst = new ArrayList<>(held);
        largestFirst.sort((one, other) -> Long.compare(worth(known, other), worth(known, one)));
        for (BlindToken token : largestFirst) {
            long worth = worth(known, token);
            if (left > 0 && (worth <= left || generous)) {
                chosen.add(token);
                left -= worth;
            }
        }
        return left > 0 ? List.of() : chosen;
    }

    private static long worth(IssuerDirectory known, BlindToken token) {
        return known.keys().stream()
                .filter(key -> Arrays.equals(key.key().id(), token.keyId()))
                .findFirst()
                .map(key -> key.value().baseUnits())
                .orElse(0L);
    }
}
