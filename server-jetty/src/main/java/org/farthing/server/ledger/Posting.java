package org.farthing.server.ledger;

import java.sql.SQLException;
import org.farthing.server.ledger.Transfer.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A transfer about to be written: its identity, its two accounts and its hash. Between a payee and a wallet service, or
 * the account of tokens, it belongs to no wallet.
 */
record Posting(
        String id,
        Kind kind,
        @Nullable String wallet,
        @Nullable String challengeId,
        String from,
        String to,
        String currency,
        long amount,
        @Nullable String method,
        @Nullable String note,
        long at) {

    static final String TREASURY = "treasury";

    /** The method of what moves for tokens and no charge. */
    private static final String TOKEN = "token";

    static String available(String wallet) {
        return "available:" + wallet;
    }

    static String held(String wallet) {
        return "held:" + wallet;
    }

    static String tokens(String issuer) {
        return "tokens:" + issuer;
    }

    static String payee(String payee) {
        return "payee:" + payee;
    }

    static Posting topUp(TopUp topUp, long at) {
        return new Posting(
                "topup:" + topUp.wallet() + ":" + topUp.idempotencyKey(),
                Kind.TOP_UP,
                topUp.wallet(),
                null,
                TREASURY,
                available(topUp.wallet()),
                topUp.currency(),
                topUp.amount(),
                null,
                null,
                at);
    }

    static Posting hold(ChargeTerms terms, long at) {
        String wallet = terms.wallet();
        return of("hold", Kind.HOLD, terms, available(wallet), held(wallet), terms.amount(), at);
    }

    static Posting capture(ChargeTerms terms, long amount, long at) {
        return of("capture", Kind.CAPTURE, terms, held(terms.wallet()), payee(terms.payee()), amount, at);
    }

    static Posting captureUpfront(ChargeTerms terms, long at) {
        return of("capture", Kind.CAPTURE, terms, available(terms.wallet()), payee(terms.payee()), terms.amount(), at);
    }

    static Posting release(ChargeTerms terms, long amount, long at) {
        String wallet = terms.wallet();
        return of("release", Kind.RELEASE, terms, held(wallet), available(wallet), amount, at);
    }

    static Posting undelivered(ChargeTerms terms, long amount, long at) {
        return of("undelivered", Kind.REFUND, terms, payee(terms.payee()), available(terms.wallet()), amount, at);
    }

    static Posting captureBacked(Charge charge, long amount, long at) {
        return service("capture", Kind.CAPTURE, charge, service(charge), payee(charge), amount, null, at);
    }

    static Posting undeliveredBacked(Charge charge, long amount, long at) {
        return service("undelivered", Kind.REFUND, charge, payee(charge), service(charge), amount, null, at);
    }

    static Posting writeOff(Charge charge, long amount, String reason, long at) {
        return service("writeoff", Kind.WRITE_OFF, charge, payee(charge), service(charge), amount, reason, at);
    }

    /** What a wallet paid for tokens is the holders', whoever they are. */
    static Posting purchase(ChargeTerms terms, String issuer, long amount, long at) {
        return of("capture", Kind.CAPTURE, terms, held(terms.wallet()), tokens(issuer), amount, at);
    }

    static Posting captureTokens(Charge charge, long value, long at) {
        return service("capture", Kind.CAPTURE, charge, tokens(charge), payee(charge), value, null, at);
    }

    static Posting undeliveredTokens(Charge charge, long value, long at) {
        return service("undelivered", Kind.REFUND, charge, payee(charge), tokens(charge), value, null, at);
    }

    static Posting redemption(long use, String issuer, String origin, String currency, long amount, long at) {
        String id = redemptionId(use);
        return new Posting(
                id, Kind.CAPTURE, null, null, tokens(issuer), payee(origin), currency, amount, TOKEN, null, at);
    }

    static String redemptionId(long use) {
        return "redeem:" + use;
    }

    /** One token that its issuer refused. */
    static Posting writeOff(TokenUpload upload, String challengeId, String reason, long at) {
        return new Posting(
                "writeoff:token:" + upload.seq(),
                Kind.WRITE_OFF,
                null,
                challengeId,
                payee(upload.payee()),
                tokens(upload.issuer()),
                upload.currency(),
                upload.value(),
                TOKEN,
                reason,
                at);
    }

    /** Back to where it came from: the wallet, the service that vouched, or the account of the tokens. */
    static Posting refund(Charge charge, RefundRequest request, long at) {
        ChargeTerms terms = charge.terms();
        String source = source(charge);
        return new Posting(
                refundId(request),
                Kind.REFUND,
                source == null ? terms.wallet() : null,
                terms.challengeId(),
                payee(charge),
                source == null ? available(terms.wallet()) : source,
                terms.currency(),
                request.amount(),
                terms.method(),
                request.reason(),
                at);
    }

    private static String payee(Charge charge) {
        return payee(charge.terms().payee());
    }

    private static @Nullable String source(Charge charge) {
        if (charge.issuer() != null) {
            return tokens(charge);
        }
        return charge.service() == null ? null : service(charge);
    }

    private static String tokens(Charge charge) {
        return "tokens:" + charge.issuer();
    }

    private static String service(Charge charge) {
        return "service:" + charge.service();
    }

    static String refundId(RefundRequest request) {
        return "refund:" + request.challengeId() + ":" + request.idempotencyKey();
    }

    private static Posting of(
            String prefix, Kind kind, ChargeTerms terms, String from, String to, long amount, long at) {
        return new Posting(
                prefix + ":" + terms.challengeId(),
                kind,
                terms.wallet(),
                terms.challengeId(),
                from,
                to,
                terms.currency(),
                amount,
                terms.method(),
                null,
                at);
    }

    private static Posting service(
            String prefix,
            Kind kind,
            Charge charge,
            String from,
            String to,
            long amount,
            @Nullable String note,
            long at) {
        ChargeTerms terms = charge.terms();
        String id = terms.challengeId();
        return new Posting(
                prefix + ":" + id, kind, null, id, from, to, terms.currency(), amount, terms.method(), note, at);
    }

    /** The columns in the order of {@link Sql#INSERT_TRANSFER}, without the hash that covers them. */
    private @Nullable Object[] columns() {
        return new @Nullable Object[] {
            id, kind.name(), wallet, challengeId, from, to, currency, amount, method, note, at
        };
    }

    String rowHash() {
        return RowHash.of("transfer", columns());
    }

    /** Writes it; false if a transfer of this identity was written before. */
    boolean insert(Session session) throws SQLException {
        @Nullable Object[] columns = columns();
        @Nullable Object[] row = java.util.Arrays.copyOf(columns, columns.length + 1);
        row[columns.length] = RowHash.of("transfer", columns);
        return session.update(Sql.INSERT_TRANSFER, row) == 1;
    }

    /** Writes a transfer that cannot have been written before, because the charge's own condition let only one through. */
    void insertOnce(Session session) throws SQLException {
        if (!insert(session)) {
            throw new SQLException("the ledger contradicts itself: transfer " + id + " was written before");
        }
    }
}
