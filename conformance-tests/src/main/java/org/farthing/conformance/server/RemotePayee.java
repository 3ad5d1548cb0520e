package org.farthing.conformance.server;

import java.security.SecureRandom;
import java.time.Instant;
import org.farthing.conformance.http.RawRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.WalletRequest;

/**
 * A payee with books of its own, which the suite plays: it is registered at the issuer, and its key stands in its key document.
 *
 * @param origin the payee
 * @param key signs its requests
 */
public record RemotePayee(Origin origin, SigningKey key) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A request to the issuer in its name (wallet-request.md). */
    RawRequest signed(Page page, Origin issuer, Instant now) {
        RawRequest request = page.request();
        byte[] body = request.body() == null ? new byte[0] : request.body();
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        String token = WalletRequest.sign(
                key,
                origin.text(),
                issuer,
                RequestTarget.ofUri(page.method(), page.uri()),
                body,
                now,
                Base64Url.encode(id));
        return request.with("Authorization", "Bearer " + token);
    }

    /** The payee, not the key. */
    @Override
    public String toString() {
        return "payee " + origin;
    }
}
