package org.farthing.conformance.vectors;

import java.util.Map;
import java.util.TreeMap;

/** Which check runs which kind of vector file. */
final class Kinds {

    /** Every kind this implementation can run. */
    static final Map<String, Check> ALL = all();

    private Kinds() {}

    private static Map<String, Check> all() {
        Map<String, Check> checks = new TreeMap<>();
        checks.put("base64url", new Base64UrlCheck());
        checks.put("json-strict", new JsonStrictCheck());
        checks.put("jcs", new CanonicalJsonCheck());
        checks.put("timestamp", new TimestampCheck());
        checks.put("amount", new AmountCheck());
        checks.put("currency", new CurrencyCheck());
        checks.put("money", new MoneyCheck());
        checks.put("challenge-header", new ChallengeHeaderCheck());
        checks.put("challenge-list", new ChallengeListCheck());
        checks.put("credential", new CredentialCheck());
        checks.put("payment-request", new PaymentRequestCheck());
        checks.put("accept-payment", new AcceptPaymentCheck());
        checks.put("payment-outcome", new PaymentOutcomeCheck());
        checks.put("problem", new ProblemCheck());
        checks.put("challenge-id", new ChallengeIdCheck());
        checks.put("opaque", new OpaqueCheck());
        checks.put("request-binding", new RequestBindingCheck());
        checks.put("price-facts", new PriceFactsCheck());
        checks.put("content-digest", new ContentDigestCheck());
        checks.put("wallet-key", new WalletKeyCheck());
        checks.put("key-directory", new KeyDirectoryCheck());
        checks.put("jws", new JwsCheck());
        checks.put("signed-challenge", new SignedChallengeCheck());
        checks.put("payment-receipt", new PaymentReceiptCheck());
        checks.put("wallet-id", new WalletIdCheck());
        checks.put("payment-order", new PaymentOrderCheck());
        checks.put("release-statement", new ReleaseStatementCheck());
        checks.put("receipt-token", new ReceiptTokenCheck());
        checks.put("wallet-request", new WalletRequestCheck());
        checks.put("payment-submission", new PaymentSubmissionCheck());
        checks.put("wallet-service", new WalletServiceCheck());
        checks.put("blind-rsa", new BlindRsaCheck());
        checks.put("token-challenge", new TokenChallengeCheck());
        checks.put("blind-token", new BlindTokenCheck());
        checks.put("denominations", new DenominationsCheck());
        checks.put("private-token", new PrivateTokenCheck());
        checks.put("token-offer", new TokenOfferCheck());
        checks.put("issuer-directory", new IssuerDirectoryCheck());
        checks.put("token-bodies", new TokenBodiesCheck());
        return Map.copyOf(checks);
    }
}
