package org.farthing.protocol.wallet;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;

/**
 * How a caller proves who it is at the routes of a ledger or wallet service: a token for one request, carried as
 * {@code Authorization: Bearer} (spec/wallet-request.md).
 *
 * <p>An instance has been read, not verified: {@link #issuer()} and {@link #kid()} only say which record to look in.
 */
public final class WalletRequest {

    /** The longest time between {@code iat} and {@code exp}. */
    public static final Duration MAX_LIFETIME = Duration.ofMinutes(1);

    /** The clock difference allowed for the caller's times. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private static final String WHERE = "walletRequest";

    private final CompactJws jws;
    private final Claims claims;

    private WalletRequest(CompactJws jws) throws MalformedException {
        this.jws = jws;
        this.claims = Claims.parse(new Members(jws.claims(), WHERE));
    }

    private record Claims(
            String issuer, String audience, String htm, String htu, String bh, Instant iat, Instant exp, String jti) {

        static Claims parse(Members members) throws MalformedException {
            String issuer = members.text("iss");
            if (!WalletId.isWalletId(issuer)
                    && !Origin.parse(issuer, WHERE + ".iss").text().equals(issuer)) {
                throw new MalformedException(Fault.VALUE, WHERE + ".iss", "a wallet id or an origin is needed");
            }
            String bh = members.text("bh");
            String jti = members.text("jti");
            Body.requireBytes(bh, Body.HASH_BYTES, WHERE + ".bh");
            Body.requireBytes(jti, Body.TOKEN_ID_BYTES, WHERE + ".jti");
            return new Claims(
                    issuer,
                    members.text("aud"),
                    members.text("htm"),
                    members.text("htu"),
                    bh,
                    members.seconds("iat"),
                    members.seconds("exp"),
                    jti);
        }
    }

    /**
     * Signs a token for one attempt of one request; a resend needs a new one (F-WR-8).
     *
     * @param key a key registered for the caller
     * @param issuer the caller: its wallet id, or for a payee its origin
     * @param audience the ledger or wallet service
     * @param target the request
     * @param body the request's body, empty if there is none
     * @param now the caller's clock
     * @param tokenId 16 random bytes in base64url, never used before
     * @return the token, to be sent after {@code Bearer}
     */
    public static String sign(
            SigningKey key,
            String issuer,
            Origin audience,
            RequestTarget target,
            byte[] body,
            Instant now,
            String tokenId) {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", issuer);
        claims.put("aud", audience.text());
        claims.put("htm", target.method());
        claims.put("htu", target.url());
        claims.put("bh", Base64Url.encode(Sha256.of(body)));
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + MAX_LIFETIME.toSeconds());
        claims.put("jti", tokenId);
        // A wallet's keys are registered by thumbprint, a payee's by the names in its document (F-WR-3).
        boolean wallet = WalletId.isWalletId(issuer);
        SigningKey named = wallet ? key.withKid(key.publicKey().thumbprint()) : key;
        return CompactJws.sign(named, ArtifactType.WALLET_REQUEST, claims);
    }

    /**
     * Reads a token without verifying it.
     *
     * @param token what stands after {@code Bearer}
     * @return the request
     * @throws MalformedException if the form is wrong, or a claim is missing or breaks its rule
     */
    public static WalletRequest parse(String token) throws MalformedException {
        return new WalletRequest(CompactJws.parse(token));
    }

    /**
     * The checks of F-WR-4.
     *
     * <p>Guarantees on return: this key signed a token for exactly this request with exactly this body, at this service,
     * about now. It does not say that the token is unused: remember {@link #tokenId()} with {@link #issuer()}, after this
     * and before acting.
     *
     * @param key the key from the service's own record of the issuer
     * @param self the service's own public origin
     * @param received the request as received
     * @param body the body as received, empty if there is none
     * @param now the service's clock
     * @throws SignatureRejectedException if any check fails; callers answer all failures alike (F-WR-6)
     */
    public void verify(VerificationKey key, Origin self, RequestTarget received, byte[] body, Instant now)
            throws SignatureRejectedException {
        jws.verify(ArtifactType.WALLET_REQUEST, key);
        boolean sameRequest = claims.audience().equals(self.text())
                && claims.htm().equals(received.method())
                && claims.htu().equals(received.url())
                && claims.bh().equals(Base64Url.encode(Sha256.of(body)));
        if (!sameRequest) {
            throw new SignatureRejectedException(Reason.WRONG_AUDIENCE, "the token is for another request");
        }
        if (!now.isBefore(claims.exp().plus(CLOCK_SKEW))) {
            throw new SignatureRejectedException(Reason.EXPIRED, "the token has expired");
        }
        if (claims.iat().minus(CLOCK_SKEW).isAfter(now)) {
            throw new SignatureRejectedException(Reason.NOT_YET_VALID, "the token comes from the future");
        }
        if (claims.exp().isAfter(claims.iat().plus(MAX_LIFETIME))) {
            throw new SignatureRejectedException(Reason.TOO_LONG_LIVED, "a token lives at most 60 seconds");
        }
    }

    /**
     * Who claims to call: a record to look in, nothing more before {@link #verify}.
     *
     * @return a wallet id, or a payee's origin
     */
    public String issuer() {
        return claims.issuer();
    }

    /**
     * The name of the key that claims to have signed.
     *
     * @return its {@code kid}
     */
    public String kid() {
        return jws.kid();
    }

    /**
     * The token's own id, single use together with the issuer.
     *
     * @return base64url of 16 bytes
     */
    public String tokenId() {
        return claims.jti();
    }

    /**
     * When the token ends; its id is remembered until 60 seconds later.
     *
     * @return {@code exp}
     */
    public Instant expiresAt() {
        return claims.exp();
    }

    /** The caller and the key: the token itself is a credential. */
    @Override
    public String toString() {
        return "WalletRequest[issuer=" + claims.issuer() + ", kid=" + jws.kid() + "]";
    }
}
