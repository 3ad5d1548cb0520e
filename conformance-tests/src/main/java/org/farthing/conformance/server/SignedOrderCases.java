package org.farthing.conformance.server;

import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;

/** Orders of method wallet that were signed by the wrong key, in the wrong way, or as something else. */
@Group("Signed orders")
final class SignedOrderCases {

    private static final Pattern LARGE = Pattern.compile("[0-9]{5,}");

    private final Site site;

    SignedOrderCases(Site site) {
        this.site = site;
    }

    private WalletPayer payer() {
        if (site.payer() instanceof WalletPayer wallet) {
            return wallet;
        }
        throw new NotApplicable("needs the key of a wallet: give --wallet KEY");
    }

    private static String jws(Presented order) {
        Object payload = order.envelope().get("payload");
        return payload instanceof Map<?, ?> map ? String.valueOf(map.get("jws")) : "";
    }

    /** The order with another JOSE header over the same signature. */
    private static Presented withHeader(Presented order, Map<String, ?> header) {
        String[] parts = jws(order).split("\\.", -1);
        return order.withPayload("jws", Base64Url.encodeUtf8(CanonicalJson.write(header)) + ".." + parts[2]);
    }

    private Map<String, Object> header(String alg, String typ) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", alg);
        header.put("kid", payer().key().publicKey().thumbprint());
        header.put("typ", typ);
        return header;
    }

    private static void refused(RawAnswer answer, Presented order) {
        Expect.refusedAfresh(answer, order.echoed("id"));
        Expect.problem(answer, "verification-failed", "invalid-payload");
    }

    @Case(
            id = "T17-algorithm-of-the-sender",
            rows = {"T17", "S4", "F-SG-10", "F-SG-11"},
            section = "signatures.md, F-SG-10 and F-SG-11",
            profile = Profile.WALLET,
            title = "The key decides the algorithm: none, HS256 and another one than the key's are refused",
            fix = "Take the algorithm from the wallet's key, and refuse a signature whose header says anything else.")
    void algorithm(Trace trace) {
        payer();
        Visit visit = site.visit(trace);
        Page page = site.paid();
        for (String alg : List.of("none", "HS256", "RS256", "ES256K")) {
            Presented order = withHeader(visit.pay(visit.offer(page)), header(alg, "payment-order+jws"));
            refused(visit.present("alg " + alg, page, order), order);
        }
    }

    @Case(
            id = "T18-signature-of-something-else",
            rows = {"T18", "S4", "F-SG-4", "F-SG-20"},
            section = "signatures.md, F-SG-4 and F-SG-20",
            profile = Profile.WALLET,
            title = "A signature that was made for something else is no order",
            fix = "Demand typ payment-order+jws in the signature's header, and no other.")
    void type(Trace trace) {
        WalletPayer payer = payer();
        Visit visit = site.visit(trace);
        Page page = site.paid();
        for (String typ : List.of("payment-receipt+jws", "JWT", "payment-mandate+jws")) {
            Offer offer = visit.offer(page);
            Presented order = withHeader(visit.pay(offer), header(alg(payer.key()), typ));
            refused(visit.present("typ " + typ, page, order), order);
        }
        Offer offer = visit.offer(page);
        String ofChallenge = offer.text("jws");
        if (!ofChallenge.isEmpty()) {
            Presented order = visit.pay(offer).withPayload("jws", ofChallenge);
            refused(visit.present("the challenge's own signature", page, order), order);
        }
    }

    @Case(
            id = "T19-signature-of-zeros",
            rows = {"T19", "T20", "S4", "F-SG-13", "F-SG-14"},
            section = "signatures.md, F-SG-13 and F-SG-14",
            profile = Profile.WALLET,
            title = "A signature of zeros, one that is too short and none at all are refused, for every algorithm",
            fix =
                    "Use a library that checks r and s to lie in 1 to n-1 and S below the group order, and demand exactly 64 bytes.")
    void zeros(Trace trace) {
        payer();
        Visit visit = site.visit(trace);
        Page page = site.paid();
        for (String alg : List.of("ES256", "EdDSA")) {
            for (int length : List.of(64, 63, 0)) {
                Presented order = withHeader(visit.pay(visit.offer(page)), header(alg, "payment-order+jws"));
                String head = jws(order).split("\\.", -1)[0];
                Presented zeros = order.withPayload("jws", head + ".." + Base64Url.encode(new byte[length]));
                refused(visit.present(alg + ", " + length + " bytes of zeros", page, zeros), zeros);
            }
        }
    }

    private static String alg(SigningKey key) {
        return key.publicKey().algorithm() == Algorithm.ED25519 ? "EdDSA" : "ES256";
    }

    @Case(
            id = "T22-key-in-the-signature",
            rows = {"T22", "T21", "S4", "F-SG-3", "F-WO-21"},
            section = "signatures.md, F-SG-3; wallet-order.md, F-WO-21",
            profile = Profile.WALLET,
            title = "A key that comes with the signature, or is named by another wallet, signs nothing",
            fix =
                    "Take keys from the wallet's record alone. Refuse jwk, jku, x5c and x5u in a signature's header, and never fetch"
                            + " a URL from there.")
    void foreignKey(Trace trace) {
        WalletPayer payer = payer();
        Visit visit = site.visit(trace);
        Page page = site.paid();
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
        Presented signed = new WalletPayerOf(stranger, payer.wallet()).pay(visit, page);
        refused(visit.present("signed by a key that is not the wallet's", page, signed), signed);
        Map<String, Object> header = header("EdDSA", "payment-order+jws");
        header.put("jwk", stranger.publicKey().toJwk());
        Presented embedded = withHeader(new WalletPayerOf(stranger, payer.wallet()).pay(visit, page), header);
        refused(visit.present("with its own key in the header", page, embedded), embedded);
        header.remove("jwk");
        header.put("jku", "https://foreign.example/keys");
        Presented fetched = withHeader(new WalletPayerOf(stranger, payer.wallet()).pay(visit, page), header);
        refused(visit.present("with a URL of keys in the header", page, fetched), fetched);
    }

    /** Signs with a key for a wallet that may be another's. */
    private record WalletPayerOf(SigningKey key, String wallet) {
        Presented pay(Visit visit, Page page) {
            Offer offer = visit.offer(page);
            return Presented.of(offer, new WalletPayer(key, wallet, null).pay(offer));
        }
    }

    @Case(
            id = "T53-unknown-wallet-is-not-told",
            rows = {"T53", "F-WO-21"},
            section = "wallet-order.md, F-WO-21",
            profile = Profile.WALLET,
            title = "An unknown wallet and a bad signature get the same answer",
            fix =
                    "Check a signature also when there is no such wallet (with a key nobody has), and answer verification-failed with"
                            + " the same words in both cases.")
    void unknownWallet(Trace trace) {
        payer();
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented spoiled = visit.pay(visit.offer(page)).withSpoiledProof();
        RawAnswer bad = visit.present("a bad signature", page, spoiled);
        Presented nobody = visit.pay(visit.offer(page)).withPayload("wallet", "w_" + "A".repeat(22));
        RawAnswer unknown = visit.present("a wallet nobody opened", page, nobody);
        NotAsExpected.unless(
                told(bad, spoiled).equals(told(unknown, nobody)),
                "the same answer to both: " + told(bad, spoiled),
                told(unknown, nobody));
    }

    /** Status and problem, without what is new in every answer. */
    private static String told(RawAnswer answer, Presented credential) {
        return answer.status() + " "
                + Expect.json(answer)
                        .map(body -> {
                            Map<String, String> members = new java.util.TreeMap<>();
                            body.fieldNames()
                                    .forEachRemaining(name ->
                                            members.put(name, body.path(name).toString()));
                            members.remove("instance");
                            members.remove("requestId");
                            return members.toString();
                        })
                        .orElse("")
                        .replace(credential.echoed("id"), "ID");
    }

    @Case(
            id = "T53-balance-is-not-told",
            rows = {"T53", "F-WO-23", "F-PR-32"},
            section = "wallet-order.md, F-WO-23",
            profile = Profile.WALLET,
            title = "Nothing about a wallet is told to somebody who did not sign for it",
            fix = "Look at money, limits and status of a wallet only after the signature verified.")
    void balance(Trace trace) {
        payer();
        Visit visit = site.visit(trace);
        Page dear = site.need(PageName.UNAFFORDABLE);
        Set<String> told = numbers(visit, dear);
        // What is random, such as the number of a request, is another one the next time; what a wallet has is not.
        told.retainAll(numbers(visit, dear));
        NotAsExpected.unless(told.isEmpty(), "nothing about the wallet", "what the wallet has");
    }

    /** The large numbers in words of the refusal of a bad signature. */
    private static Set<String> numbers(Visit visit, Page dear) {
        Presented spoiled = visit.pay(visit.offer(dear)).withSpoiledProof();
        RawAnswer answer = visit.present("a bad signature, and too little money", dear, spoiled);
        Expect.refusedAfresh(answer, spoiled.echoed("id"));
        Expect.problem(answer, "verification-failed");
        boolean tells = Expect.json(answer).map(body -> body.has("available")).orElse(false);
        NotAsExpected.unless(!tells, "nothing about the wallet", "what the wallet has");
        String detail =
                Expect.json(answer).map(body -> body.path("detail").asText("")).orElse("");
        return LARGE.matcher(detail).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
