package org.farthing.conformance.wallet;

import java.time.Instant;
import java.util.Set;
import org.farthing.conformance.reference.Breaking.Asked;
import org.farthing.conformance.reference.Breaking.Flaw;
import org.farthing.conformance.reference.Breaking.Said;

/** Ways for a wallet service to be broken, each with the cases that must see it. */
enum ServiceFlaw implements Flaw {
    WRONG_ID(
            (asked, said) ->
                    asked.method().equals("POST") && asked.target().equals("/v1/wallets") && said.status() == 201
                            ? said.saying(said.text().replaceAll("\"w_.{4}", "\"w_AAAA"))
                            : said,
            "F-WA-20-opens"),
    OPENS_ONCE_ONLY(
            (asked, said) -> asked.target().equals("/v1/wallets") && said.status() == 200 ? said.with(409, "{}") : said,
            "F-WA-1-opening-twice-is-once"),
    OPENS_FOR_ANYBODY(
            (asked, said) -> asked.target().equals("/v1/wallets") && said.status() == 401 ? said.with(201, "{}") : said,
            "F-WA-20-other-key-signs",
            "F-WR-4-other-body"),
    TAKES_PRIVATE_KEYS(
            (asked, said) ->
                    asked.target().equals("/v1/wallets") && asked.text().contains("\"d\":")
                            ? said.with(201, "{}")
                            : said,
            "F-WA-20-private-key-refused"),
    TAKES_WEAK_KEYS(
            (asked, said) -> asked.target().equals("/v1/wallets")
                            && asked.text().contains("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                            && !asked.text().contains("\"d\":")
                    ? said.with(201, "{}")
                    : said,
            "T20-weak-key-refused"),
    GIVES_A_PRESENT(
            (asked, said) -> said.text().contains("\"accounts\":[]")
                    ? said.saying(said.text()
                            .replace(
                                    "\"accounts\":[]",
                                    "\"accounts\":[{\"available\":\"1\",\"currency\":\"usd.e6\",\"held\":\"0\"}]"))
                    : said,
            "F-WA-21-empty-at-first"),
    LETS_CACHES_KEEP_ERRORS(
            (asked, said) -> said.status() >= 400 ? said.field("Cache-Control", "max-age=60") : said,
            "F-WA-27-never-stored"),
    READS_LONG_BODIES((asked, said) -> said.status() == 413 ? said.with(201, "{}") : said, "F-WA-27-long-body-refused"),
    TAKES_THE_LAST_OF_TWO_NAMES(
            (asked, said) ->
                    said.status() == 400 && asked.text().split("\"jwk\"", -1).length == 3 ? said.with(201, "{}") : said,
            "T24-name-twice-refused"),
    REFUSES_THE_UNKNOWN(
            (asked, said) -> asked.text().contains("\"invented\"") ? said.with(400, "{}") : said,
            "F-WS-1-unknown-members-ignored"),
    ONE_KEY_FOR_BOTH(
            (asked, said) ->
                    said.status() == 400 && asked.text().contains("\"recovery\"") ? said.with(201, "{}") : said,
            "F-WA-30-recovery-is-another-key"),
    NO_AUDIENCE(
            (asked, said) -> said.status() == 401 && asked.claim("aud").equals("https://other.example")
                    ? said.with(200, "{}")
                    : said,
            "F-WR-4-for-another-service"),
    NO_METHOD(
            (asked, said) ->
                    said.status() == 401 && !asked.claim("htm").equals(asked.method()) ? said.with(200, "{}") : said,
            "F-WR-4-for-another-method"),
    NO_URL(
            (asked, said) ->
                    said.status() == 401 && !asked.claim("htu").endsWith(asked.target()) ? said.with(200, "{}") : said,
            "F-WR-4-for-another-url"),
    NO_BODY_HASH(
            (asked, said) -> said.status() == 401 && asked.text().endsWith("} ") ? said.with(201, "{}") : said,
            "F-WR-4-other-body"),
    NO_END(
            (asked, said) -> said.status() == 401 && seconds(asked, "exp") < now() ? said.with(200, "{}") : said,
            "F-WR-4-expired"),
    NO_BEGINNING(
            (asked, said) -> said.status() == 401 && seconds(asked, "iat") > now() + 60 ? said.with(200, "{}") : said,
            "F-WR-4-from-the-future"),
    LONG_LIVES(
            (asked, said) -> said.status() == 401 && seconds(asked, "exp") - seconds(asked, "iat") > 60
                    ? said.with(200, "{}")
                    : said,
            "F-WR-4-too-long-lived"),
    ANY_TYPE(
            (asked, said) -> said.status() == 401 && !asked.header("typ").equals("wallet-request+jwt")
                    ? said.with(200, "{}")
                    : said,
            "T18-another-kind-of-token"),
    ALGORITHM_NONE(
            (asked, said) -> said.status() == 401 && asked.header("alg").equals("none") ? said.with(200, "{}") : said,
            "T17-not-signed"),
    PUBLIC_KEY_AS_SECRET(
            (asked, said) -> said.status() == 401 && asked.header("alg").equals("HS256") ? said.with(200, "{}") : said,
            "T17-mac-of-the-public-key"),
    NO_SIGNATURE(
            (asked, said) -> said.status() == 401
                            && asked.at("/v1/wallets")
                            && asked.header("alg").equals("EdDSA")
                    ? said.with(200, "{}")
                    : said,
            "F-WR-3-signed-by-another-key",
            "F-WA-33-keys-by-recovery"),
    REPLAYS(
            (asked, said) -> used(asked) && said.status() == 401 ? said.with(200, "{}") : said,
            "F-WR-5-once",
            "F-WR-20-once-at-once"),
    IDS_USED_UP_BY_FORGERIES(
            (asked, said) -> used(asked) ? said.with(401, "{\"code\":\"UNAUTHENTICATED\"}") : said,
            "F-WR-5-a-forgery-uses-nothing-up"),
    SAYS_WHO_EXISTS(
            (asked, said) -> said.status() == 401 && !asked.memory().contains(asked.claim("iss"))
                    ? said.saying(said.text().replace("\"detail\":\"", "\"detail\":\"No such wallet. "))
                    : said,
            "T53-unknown-wallet-looks-the-same"),
    SHOWS_OTHERS(
            (asked, said) ->
                    said.status() == 401 && !asked.target().contains(asked.claim("iss")) ? said.with(200, "{}") : said,
            "F-WR-7-another-wallet"),
    TAKES_ONE_OF_TWO_LINES(
            (asked, said) -> asked.authorization().size() == 2 ? said.with(200, "{}") : said, "F-WR-2-one-field-line"),
    REFUSES_UNKNOWN_CLAIMS(
            (asked, said) -> !asked.claim("invented").isEmpty() ? said.with(401, "{}") : said,
            "F-WR-1-unknown-claims-ignored"),
    FILLS_TWICE(
            (asked, said) -> asked.at("/topups") && said.status() == 200 ? said.with(201, said.text()) : said,
            "F-WA-26-top-up-once"),
    TOP_UP_KEY_IS_NO_KEY(
            (asked, said) -> asked.at("/topups") && said.status() == 422 ? said.with(201, "{}") : said,
            "F-WA-26-other-content-refused"),
    FILLS_NOBODY(
            (asked, said) -> asked.at("/topups") && said.status() == 404 ? said.with(201, "{}") : said,
            "F-WA-26-unknown-wallet"),
    ANYBODY_FILLS(
            (asked, said) -> asked.at("/topups") && said.status() == 401 ? said.with(201, "{}") : said,
            "F-WA-25-only-the-administrator"),
    ADMINISTRATOR_SEES_ALL(
            (asked, said) -> said.status() == 401 && asked.claim("iss").isEmpty() ? said.with(200, "{}") : said,
            "F-WA-25-the-secret-opens-nothing-else"),
    STATEMENT_WITHOUT_END(
            (asked, said) -> asked.at("/statement") && said.status() == 200
                    ? said.saying(said.text().replaceFirst("^\\{(\"next\":\"[^\"]*\",)?", "{"))
                    : said,
            "F-WA-24-statement"),
    ANYBODY_RAISES(
            (asked, said) -> asked.at("/limits") && said.status() == 403 ? said.with(200, "{}") : said,
            "F-WA-31-raising-needs-recovery"),
    LIMIT_IS_ADVICE(
            (asked, said) -> said.text().contains("SPENDING_LIMIT_EXCEEDED") ? said.with(201, "{}") : said,
            "F-WA-31-limit-binds"),
    FROZEN_PAYS(
            (asked, said) -> said.text().contains("WALLET_SUSPENDED") ? said.with(201, "{}") : said,
            "F-WA-32-frozen-pays-nothing"),
    ANYBODY_ADDS_KEYS(
            (asked, said) -> asked.at("/keys") && said.status() == 403 ? said.with(200, "{}") : said,
            "F-WA-33-keys-by-recovery"),
    SPOILT_TOKENS(
            (asked, said) -> said.status() == 201 && said.text().contains("\"receipt\":\"")
                    ? said.saying(said.text().replaceFirst("(\"receipt\":\"[^.\"]*\\.[^.\"]*\\.).{4}", "$1AAAA"))
                    : said,
            "F-WS-8-pays"),
    HOLDS_NOTHING(
            (asked, said) -> said.text().contains("\"accounts\":[{")
                    ? said.saying(said.text()
                            .replaceAll("\"available\":\"[0-9]+\"", "\"available\":\"10000\"")
                            .replaceAll("\"held\":\"[0-9]+\"", "\"held\":\"0\""))
                    : said,
            "F-WS-8-holds-the-money",
            "T61-double-spend",
            "F-WS-12-captures-once"),
    ANOTHER_TOKEN_EACH_TIME(
            (asked, said) -> asked.target().equals("/v1/payments") && said.status() == 200
                    ? said.saying(said.text().replaceFirst("(\"receipt\":\").{4}", "$1AAAA"))
                    : said,
            "F-WS-10-same-order-same-token",
            "T3-submitted-at-once"),
    TWO_PAYERS_A_CHALLENGE(
            (asked, said) ->
                    asked.target().equals("/v1/payments") && said.text().contains("IDEMPOTENCY_CONFLICT")
                            ? said.with(200, "{}")
                            : said,
            "F-WS-10-somebody-else-too"),
    SPENDS_WHAT_IS_NOT_THERE(
            (asked, said) -> said.text().contains("INSUFFICIENT_FUNDS") ? said.with(201, "{}") : said,
            "T61-double-spend",
            "F-WS-28-too-little-money"),
    DEMANDS_PAYMENT(
            (asked, said) -> said.text().contains("INSUFFICIENT_FUNDS") ? said.with(402, said.text()) : said,
            "T61-double-spend",
            "F-WS-28-too-little-money"),
    SIGNATURE_UNSEEN(
            (asked, said) -> said.text().contains("\"reason\":\"signature\"") ? said.with(201, "{}") : said,
            "T8-price-changed",
            "F-WS-26-signed-by-nobody-known"),
    REALM_UNSEEN(
            (asked, said) -> said.text().contains("\"reason\":\"realm\"") ? said.with(201, "{}") : said,
            "F-WS-26-other-realm"),
    PROVIDER_UNSEEN(
            (asked, said) -> said.text().contains("\"reason\":\"provider\"") ? said.with(201, "{}") : said,
            "F-WS-26-not-for-this-service"),
    HOLDS_FOR_EVER(
            (asked, said) -> said.text().contains("\"reason\":\"expires\"") ? said.with(201, "{}") : said,
            "F-WS-26-too-far-ahead"),
    PAYS_THE_EXPIRED(
            (asked, said) -> said.text().contains("PAYMENT_EXPIRED") ? said.with(201, "{}") : said, "F-WS-7-expired"),
    BINDING_UNSEEN(
            (asked, said) -> said.text().contains("\"reason\":\"binding\"") ? said.with(201, "{}") : said,
            "T4-not-bound-to-a-request"),
    METHOD_UNSEEN(
            (asked, said) -> said.text().contains("\"reason\":\"method\"") ? said.with(201, "{}") : said,
            "F-WS-26-other-method"),
    PAYS_ANYBODY(
            (asked, said) ->
                    asked.target().equals("/v1/payments") && said.text().contains("NOT_ALLOWED")
                            ? said.with(201, "{}")
                            : said,
            "F-WS-24-unknown-payee",
            "F-WS-15-frozen-payee"),
    ORDER_UNSEEN(
            (asked, said) ->
                    asked.target().equals("/v1/payments") && said.text().contains("VERIFICATION_FAILED")
                            ? said.with(201, "{}")
                            : said,
            "T71-order-for-another-ledger",
            "F-WS-27-order-of-another-key",
            "F-WS-27-order-for-another-challenge"),
    ANYBODY_SUBMITS(
            (asked, said) ->
                    asked.target().equals("/v1/payments") && said.status() == 401 ? said.with(201, "{}") : said,
            "F-WS-25-somebody-else-submits"),
    SHOWS_TOKENS(
            (asked, said) -> asked.target().equals("/v1/payments") || (asked.at("/v1/payments") && said.status() == 200)
                    ? withToken(asked, said)
                    : said,
            "F-WS-31-payment-without-token"),
    SHOWS_OTHERS_PAYMENTS(
            (asked, said) -> asked.at("/v1/payments") && said.status() == 404 ? said.with(200, "{}") : said,
            "F-WS-31-somebody-elses-payment"),
    KEYS_FOR_EVERYTHING(
            (asked, said) -> said.text().contains("\"roles\":[\"receipt-token\"]")
                    ? said.saying(said.text()
                            .replace("\"roles\":[\"receipt-token\"]", "\"roles\":[\"challenge\",\"receipt-token\"]"))
                    : said,
            "F-WS-23-keys-for-tokens-only"),
    REPEATS_WHAT_WAS_SENT(
            (asked, said) -> said.status() == 403
                    ? said.saying(said.text()
                            .replaceFirst(
                                    "\\{",
                                    "{\"sent\":"
                                            + asked.text().replace("\\", "\\\\").replace("$", "\\$") + ","))
                    : said,
            "T38-no-credential-in-errors"),
    CAPTURES_TWICE(
            (asked, said) -> said.text().contains("already-captured")
                    ? said.saying(said.text().replace("already-captured", "captured"))
                    : said,
            "F-WS-12-captures-once"),
    RELEASES_NOTHING(
            (asked, said) -> said.text().contains("\"result\":\"released\"")
                    ? said.saying(said.text().replace("released", "captured"))
                    : said,
            "F-WS-12-releases"),
    LOSES_A_RESULT(
            (asked, said) -> said.text().contains("\"result\":\"unknown\"")
                    ? said.saying(said.text().replaceFirst("\\{[^{]*\"unknown\"\\},?", ""))
                    : said,
            "F-WS-12-one-result-an-item",
            "F-WS-40-another-payees-payment"),
    COLLECTS_FOR_ANYBODY(
            (asked, said) -> said.text().contains("\"result\":\"unknown\"")
                    ? said.saying(said.text().replace("unknown", "captured"))
                    : said,
            "F-WS-40-another-payees-payment"),
    WALLETS_COLLECT(
            (asked, said) -> asked.at("/v1/captures") && said.status() == 401 ? said.with(200, "{}") : said,
            "F-WS-40-a-wallet-is-no-payee"),
    BINDING_OF_ITEMS_UNSEEN(
            (asked, said) -> said.text().contains("\"result\":\"conflict\"")
                    ? said.saying(said.text().replace("conflict", "captured"))
                    : said,
            "F-WS-11-for-another-request",
            "F-WS-12-captures-once",
            "F-WS-12-releases",
            "F-WS-9-payer-shows-a-release"),
    TAKES_NO_STATEMENTS(
            (asked, said) -> asked.at("/release") && said.status() == 200 ? said.with(404, "{}") : said,
            "F-WS-9-payer-shows-a-release"),
    TAKES_ANY_STATEMENT(
            (asked, said) -> asked.at("/release") && said.status() == 403 ? said.with(200, "{}") : said,
            "F-WS-9-forged-release"),
    RELEASES_WHAT_WAS_COLLECTED(
            (asked, said) -> asked.at("/release") && said.status() == 409 ? said.with(200, "{}") : said,
            "F-WS-9-release-after-capture"),
    NAMES_PAYERS(
            (asked, said) -> asked.target().startsWith("/v1/captures?")
                    ? said.saying(
                            said.text().replace("\"tokenId\"", "\"wallet\":\"w_AAAAAAAAAAAAAAAAAAAAAA\",\"tokenId\""))
                    : said,
            "F-WS-41-list-without-wallets"),
    REFUND_KEY_IS_NO_KEY(
            (asked, said) -> asked.at("/v1/refunds") && said.status() == 422 ? said.with(200, "{}") : said,
            "T54-refund-once"),
    REFUNDS_FOR_ANYBODY(
            (asked, said) -> asked.at("/v1/refunds") && said.status() == 404 ? said.with(200, "{}") : said,
            "T54-refund-by-another-payee"),
    REFUNDS_HOLDS(
            (asked, said) -> asked.at("/v1/refunds") && said.status() == 409 ? said.with(200, "{}") : said,
            "F-WS-42-refund-of-a-hold"),
    DOCUMENT_UNREAD(
            (asked, said) -> asked.at("/v1/payees") && said.status() == 400 ? said.with(201, "{}") : said,
            "F-WS-45-document-of-another-payee"),
    ANYBODY_REGISTERS(
            (asked, said) -> asked.at("/v1/payees") && said.status() == 401 ? said.with(201, "{}") : said,
            "F-WS-45-only-the-administrator");

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Flaw flaw;

    @SuppressWarnings("ImmutableEnumChecker") // the set of Set.of
    private final Set<String> trips;

    ServiceFlaw(Flaw flaw, String... trips) {
        this.flaw = flaw;
        this.trips = Set.of(trips);
    }

    @Override
    public Said change(Asked asked, Said said) {
        Said changed = flaw.change(asked, said);
        asked.memory().add(asked.claim("iss"));
        return changed;
    }

    /** The cases that must fail. */
    Set<String> trips() {
        return trips;
    }

    private static boolean used(Asked asked) {
        return !asked.claim("jti").isEmpty() && !asked.memory().add("jti " + asked.claim("jti"));
    }

    private static long seconds(Asked asked, String claim) {
        String text = asked.claim(claim);
        return text.isEmpty() ? now() : Long.parseLong(text);
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    /** Remembers tokens that were given out, and adds them to what is shown later. */
    private static Said withToken(Asked asked, Said said) {
        if (said.status() == 201) {
            asked.memory().add("token " + said.text().replaceFirst("(?s).*\"receipt\":\"([^\"]*)\".*", "$1"));
            return said;
        }
        String tokens = asked.memory().stream()
                .filter(one -> one.startsWith("token "))
                .map(one -> one.substring(6))
                .findFirst()
                .orElse("");
        return said.saying(said.text().replaceFirst("\\{", "{\"receipt\":\"" + tokens + "\","));
    }
}
