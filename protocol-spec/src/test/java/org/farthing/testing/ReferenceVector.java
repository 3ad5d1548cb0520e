package org.farthing.testing;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;

/**
 * The example that runs through the specification (signatures.md, section Example): one key, one challenge, one request.
 * Key and secret are published; programs refuse them outside of development.
 */
public final class ReferenceVector {

    /** The HMAC secret. */
    public static final byte[] SECRET =
            HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    /** RFC 8037 appendix A.1, named by its thumbprint (A.3). */
    public static final SigningKey KEY = key();

    /** The origin of payee, realm, recipient and ledger. */
    public static final Origin ORIGIN = new Origin("https://api.example.com");

    /** The request that is paid for. */
    public static final RequestTarget TARGET = RequestTarget.of("POST", ORIGIN, "/v1/summaries", "lang=en");

    /** Its body, from RFC 9530 appendix D. */
    public static final String BODY = "{\"hello\": \"world\"}";

    /** The signature of the challenge. */
    public static final String JWS =
            "eyJhbGciOiJFZERTQSIsImtpZCI6ImtQcktfcW14VldhWVZBOXd3QkY2SXVvM3ZWeno3VHhIQ1R3WEJ5Z3JTNGsiLCJ0eXAiOiJwYXltZW50"
                    + "LWNoYWxsZW5nZStqd3MifQ..SrdozlbuL-VUAQwN8BQ2JoCg5oNMYq3elWVv3rx4z0Citwt6gJyi8rQnSZ3qtIzELn1KTLAP"
                    + "ULHt2XcjHe2pBg";

    /** The signed challenge. */
    public static final Challenge CHALLENGE = new Challenge(
            "GtlsJ1VquFmEqY7fMLJC8eLI13DKDbz3Ad5egqR8_fg",
            new ChallengeTerms(
                    "api.example.com",
                    "wallet",
                    "charge",
                    "eyJhbW91bnQiOiIyNTAwIiwiY3VycmVuY3kiOiJ1c2QuZTYiLCJtZXRob2REZXRhaWxzIjp7ImNhcHR1cmUiOiJleGFjdCJ9LCJyZWNpcGllbnQiOiJodHRwczovL2FwaS5leGFtcGxlLmNvbSJ9",
                    "2026-11-22T10:05:00Z",
                    "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
                    "eyJuIjoiQUFFQ0F3UUZCZ2NJQ1FvTERBME9EdyIsInJiIjoic1daRVpzNkt0cVpoc2J0MkxLYWJrVTkyS0lVc0JON1I2WEZBQkcwWExsTSJ9",
                    null),
            null,
            JWS);

    /** A moment at which the challenge may be paid. */
    public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    /** The payee's key document. */
    public static final KeyDirectory DIRECTORY = KeyDirectory.of(ORIGIN, List.of(KEY.publicKey()));

    private ReferenceVector() {}

    private static SigningKey key() {
        try {
            return SigningKey.fromJwk("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                    + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                    + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }
}
