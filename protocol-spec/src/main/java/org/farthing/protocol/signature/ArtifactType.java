package org.farthing.protocol.signature;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything this protocol signs, each with a {@code typ} of its own that is compared exactly, so that nothing signed as
 * one thing is ever taken for another (threat 18, RFC 8725 section 3.11; spec/signatures.md).
 */
public enum ArtifactType {
    /** A payee's offer. */
    CHALLENGE("payment-challenge+jws", Role.CHALLENGE, false),
    /** A payee's acknowledgement of a paid answer. */
    RECEIPT("payment-receipt+jws", Role.RECEIPT, false),
    /** A payee's statement that a challenge was not charged. */
    RELEASE("payment-release+jws", Role.RELEASE, false),
    /** A payer's permission to debit its wallet for one challenge. */
    ORDER("payment-order+jws", null, true),
    /** A wallet service's statement that one challenge has been paid. */
    RECEIPT_TOKEN("receipt-token+jwt", Role.RECEIPT_TOKEN, false),
    /** A caller's proof of itself to a wallet service. */
    WALLET_REQUEST("wallet-request+jwt", null, false),
    /** A payer's standing order. */
    MANDATE("payment-mandate+jws", null, true);

    /** The header's {@code typ}. */
    private final String typ;

    /** What the key must be allowed to sign. */
    private final @Nullable Role requiredRole;

    /** Whether {@code kid} is the key's thumbprint instead of its published name. */
    private final boolean namedByThumbprint;

    ArtifactType(String typ, @Nullable Role requiredRole, boolean namedByThumbprint) {
        this.typ = typ;
        this.requiredRole = requiredRole;
        this.namedByThumbprint = namedByThumbprint;
    }

    /**
     * The value of the header's {@code typ}.
     *
     * @return the exact text
     */
    public String typ() {
        return typ;
    }

    /**
     * The role a published key needs to sign this.
     *
     * @return the role, or empty where the key comes from a wallet's record and not from a key document
     */
    public Optional<Role> requiredRole() {
        return Optional.ofNullable(requiredRole);
    }

    /** The {@code kid} with which a key signs this: orders and mandates name it by its thumbprint. */
    String kidOf(VerificationKey key) {
        return namedByThumbprint ? key.thumbprint() : key.kid();
    }

    /** Whether a header that says this {@code kid} means this key. A wallet's keys are registered by thumbprint. */
    boolean isNamed(String kid, VerificationKey key) {
        return kid.equals(kidOf(key)) || (requiredRole == null && kid.equals(key.thumbprint()));
    }
}
