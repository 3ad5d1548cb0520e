package org.farthing.conformance.client;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;

/**
 * What can be said about the proof in a credential. For method {@code wallet} an order is verified with the key of the wallet
 * that was opened at the payee, or else with the key that {@code source} names as {@code did:key}, if the wallet's id follows from
 * it. Of other methods the proof is only seen to be there.
 */
final class Proof {

    private static final String DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String DID_KEY = "did:key:z";

    private Proof() {}

    /** What is wrong with the proof, as far as can be told; empty if nothing is known against it. */
    static Optional<String> fault(Presented credential, Payee payee) {
        if (credential.json() == null) {
            return Optional.of("the credential cannot be read: " + credential.fault());
        }
        if (!(credential.json().get("payload") instanceof Map<?, ?> payload) || payload.isEmpty()) {
            return Optional.of("the credential has no payload");
        }
        if (credential.issued() == null) {
            return Optional.of("the credential is for no challenge of this visit");
        }
        boolean order = "wallet".equals(credential.issued().parameter("method")) && "order".equals(payload.get("type"));
        return order ? faultOfOrder(credential, payee) : Optional.empty();
    }

    private static Optional<String> faultOfOrder(Presented credential, Payee payee) {
        try {
            PaymentOrder order = PaymentOrder.parse(Credential.parse("Payment " + credential.token()));
            Optional<VerificationKey> key = payee.wallet(order.wallet()).or(() -> named(credential, order.wallet()));
            if (key.isPresent()) {
                order.verify(key.get(), new Origin(payee.origin()));
            }
            return Optional.empty();
        } catch (MalformedException e) {
            return Optional.of("the order cannot be read: " + e.getMessage());
        } catch (SignatureRejectedException e) {
            return Optional.of("the order does not verify: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return Optional.of("an order cannot be made out to " + payee.origin());
        }
    }

    private static Optional<VerificationKey> named(Presented credential, String wallet) {
        Object source = credential.json() == null ? null : credential.json().get("source");
        if (!(source instanceof String did) || !did.startsWith(DID_KEY)) {
            return Optional.empty();
        }
        byte[] tagged = base58(did.substring(DID_KEY.length()));
        if (tagged.length != 34 || tagged[0] != (byte) 0xed || tagged[1] != 1) {
            return Optional.empty();
        }
        try {
            String point = Base64Url.encode(Arrays.copyOfRange(tagged, 2, 34));
            VerificationKey key = VerificationKey.parse(Map.of("kty", "OKP", "crv", "Ed25519", "x", point));
            return Optional.of(key).filter(known -> WalletId.of(known).equals(wallet));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The bytes of a base58 text that starts with no zero; none if it is no base58. */
    private static byte[] base58(String text) {
        BigInteger number = BigInteger.ZERO;
        for (int at = 0; at < text.length(); at++) {
            int digit = DIGITS.indexOf(text.charAt(at));
            if (digit < 0 || at > 100) {
                return new byte[0];
            }
            number = number.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
        }
        byte[] bytes = number.toByteArray();
        return bytes.length > 1 && bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }
}
