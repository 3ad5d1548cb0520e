package org.farthing.protocol.signature;

/**
 * A signature, or a signed statement, that must not be relied upon. {@link #reason()} says why in a word that programs can
 * switch on, the message says it to people. Neither carries any part of what was presented (S40).
 *
 * <p>It has no stack trace: rejecting is an everyday event that an attacker can cause at will.
 */
public final class SignatureRejectedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why it was rejected. */
    public enum Reason {
        /** There is no signature where one is needed. */
        UNSIGNED,
        /** Signature, header or signed text does not follow its grammar. */
        MALFORMED,
        /** The header's {@code alg} is not allowed, or not the key's. */
        WRONG_ALGORITHM,
        /** The header's {@code typ} is that of another kind of statement. */
        WRONG_TYPE,
        /** No key of that name is listed, or it is not the key that was asked for. */
        UNKNOWN_KEY,
        /** The key is listed, but not yet or no longer in use. */
        KEY_NOT_ACTIVE,
        /** The key was revoked. */
        KEY_REVOKED,
        /** The key may not sign this kind of statement. */
        WRONG_ROLE,
        /** The mathematics do not agree: another key, or another text. */
        BAD_SIGNATURE,
        /** Signed by an origin that does not speak for the origin of the request. */
        WRONG_ORIGIN,
        /** The realm is not one of the signer's. */
        WRONG_REALM,
        /** Made for another request: method, path, query or route differ. */
        WRONG_BINDING,
        /** The money would go to somebody who does not vouch for this origin. */
        WRONG_RECIPIENT,
        /** About another challenge. */
        WRONG_CHALLENGE,
        /** For another payment method or intent. */
        WRONG_METHOD,
        /** Payable at other wallet services, or at none, but not at this one. */
        WRONG_PROVIDER,
        /** Another amount or currency. */
        WRONG_AMOUNT,
        /** The right currency, and less than was asked. */
        TOO_LITTLE,
        /** Made for another ledger. */
        WRONG_LEDGER,
        /** Made by an issuer that is not accepted here. */
        WRONG_ISSUER,
        /** Made for another audience, method, address or body. */
        WRONG_AUDIENCE,
        /** Its time is over. */
        EXPIRED,
        /** Its time has not come. */
        NOT_YET_VALID,
        /** Its time is longer than the rules allow. */
        TOO_LONG_LIVED,
        /** The money is not held long enough to collect it. */
        HOLD_TOO_SHORT,
        /** It asks for something that this verifier does not do. */
        UNSUPPORTED
    }

    /** Why. */
    private final Reason reason;

    /**
     * Rejects.
     *
     * @param reason why, for programs
     * @param message why, for people, without any part of what was presented
     */
    public SignatureRejectedException(Reason reason, String message) {
        super(reason + ": " + message, null, false, false);
        this.reason = reason;
    }

    /**
     * Why it was rejected.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
