package org.farthing.server.gate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.jspecify.annotations.Nullable;

/**
 * Signs what the payee says about money: receipts of what was captured (spec/receipt.md) and statements of what was released
 * (spec/outcome.md, F-OU-20). Thread-safe; never blocks.
 */
final class ReceiptSigner {

    private final Supplier<GateKeys> keys;
    private volatile @Nullable SigningKey last;

    ReceiptSigner(Supplier<GateKeys> keys) {
        this.keys = keys;
    }

    /** Whether what would be charged now could be receipted. */
    boolean canSign(Instant now) {
        return usable(now) != null;
    }

    /** Money that moved is receipted, also in the moment in which the last key's time ends (F-KY-33). */
    private SigningKey key(Instant now) {
        SigningKey usable = usable(now);
        SigningKey known = usable == null ? last : usable;
        if (known == null) {
            throw new NoSigningKeyException();
        }
        return known;
    }

    private @Nullable SigningKey usable(Instant now) {
        SigningKey usable = keys.get().signingAt(now).orElse(null);
        if (usable != null) {
            last = usable;
        }
        return usable;
    }

    /** The payee's handle of a charge: what an operator looks it up by. */
    static String reference(String challengeId) {
        return "ch_" + challengeId;
    }

    /**
     * Makes the {@code Payment-Receipt} of a capture.
     *
     * @param opaque what the challenge said to this server
     * @param authorized the maximum of an "up to" offer, else null
     * @param values how many bearer values paid; 0 if none did
     */
    String receipt(
            Challenge challenge,
            @Nullable Opaque opaque,
            PaymentRequest request,
            Amount captured,
            @Nullable Amount authorized,
            int values,
            Instant now) {
        Pass pass = Pass.earned(challenge, request, captured.baseUnits(), now).orElse(null);
        PaymentReceipt unsigned = PaymentReceipt.builder(challenge.method(), reference(challenge.id()), now)
                .forChallenge(challenge, request, captured)
                .with("authorized", authorized == null ? null : authorized.format())
                .with("rb", opaque == null ? null : opaque.rb())
                .with("reEntry", reEntry(opaque))
                .with("pass", pass == null ? null : pass.format(keys.get().secrets(), recipient(request), now))
                .with("passUntil", pass == null ? null : Rfc3339.format(pass.until()))
                .with("tokens", values == 0 ? null : Integer.toString(values))
                .build();
        return org.farthing.protocol.signature.ReceiptSigner.sign(key(now), unsigned)
                .format();
    }

    /** Makes the member {@code release}. Only for a charge whose release is committed (F-OU-22). */
    Map<String, Object> release(String challengeId, Origin recipient, Instant now, List<String> serials) {
        return ReleaseStatement.sign(key(now), challengeId, recipient, now, serials)
                .toMembers();
    }

    /** Makes the field {@code Payment-Release} (F-OU-24). Only for a charge whose release is committed (F-OU-22). */
    String releaseField(String challengeId, Origin recipient, Instant now, List<String> serials) {
        return ReleaseStatement.sign(key(now), challengeId, recipient, now, serials)
                .formatField();
    }

    private static @Nullable String reEntry(@Nullable Opaque opaque) {
        return opaque == null
                ? null
                : opaque.reEntry().map(ReceiptSigner::reference).orElse(null);
    }

    private static Origin recipient(PaymentRequest request) {
        return new Origin(Objects.requireNonNull(request.recipient(), "a request of ours names its recipient"));
    }
}
