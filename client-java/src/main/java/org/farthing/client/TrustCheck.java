package org.farthing.client;

import java.io.IOException;
import java.util.Optional;
import org.farthing.client.ChallengeCheck.Checked;
import org.farthing.client.ChallengeCheck.Keys;
import org.farthing.client.trust.OriginPins.Pin;
import org.farthing.client.trust.OriginPins.Refused;
import org.farthing.client.trust.OriginPins.Sight;
import org.farthing.client.trust.TrustChange;
import org.farthing.client.trust.TrustMode;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Trust in a payee, in two steps (spec/keys.md, F-KY-60 to F-KY-66): before money it is compared with its pins, and the owner
 * asked about a change; once the payment is counted, and before it is signed, it is compared again and pinned.
 */
final class TrustCheck {

    private final Payer payer;

    TrustCheck(Payer payer) {
        this.payer = payer;
    }

    /**
     * What the comparison gave.
     *
     * @param isFirstUse whether nothing was pinned
     * @param accepted a change that the owner accepted, or null
     */
    record Trusted(boolean isFirstUse, @Nullable TrustChange accepted) {

        static final Trusted UNSEEN = new Trusted(true, null);
    }

    /** Compares. It changes nothing, so that a look at a price, or a refused payment, leaves no trace. */
    Trusted compare(Checked checked, Keys keys) throws DeclinedException {
        Origin origin = checked.proposal().origin();
        try {
            Optional<Pin> pinned = payer.pins().of(origin);
            if (pinned.isEmpty()) {
                if (mode() == TrustMode.LISTED_ONLY || payer.pins().mode() == TrustMode.LISTED_ONLY) {
                    throw notListed(origin);
                }
                return Trusted.UNSEEN;
            }
            Optional<TrustChange> change = payer.pins().change(sight(checked, keys));
            if (change.isPresent() && !isAccepted(change.get())) {
                throw changed(change.get());
            }
            return new Trusted(false, change.orElse(null));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Pins, if the origin still is what it was when it was compared. */
    void admit(Checked checked) throws DeclinedException {
        try {
            Sight sight = sight(checked, checked.keys());
            Optional<Refused> refused =
                    payer.pins().admit(sight, mode(), checked.trust().accepted());
            if (refused.isPresent()) {
                TrustChange change = refused.get().change();
                throw change == null ? notListed(sight.origin()) : changed(change);
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private TrustMode mode() {
        return payer.settings().trustMode();
    }

    private Sight sight(Checked checked, Keys keys) {
        boolean signed = checked.challenge().jws() != null;
        return new Sight(
                checked.proposal().origin(),
                checked.price().recipient(),
                signed ? keys.ofOrigin() : null,
                payer.clock().instant());
    }

    private boolean isAccepted(TrustChange change) {
        try {
            return change.kind() != TrustChange.Kind.UNSIGNED && payer.trust().trust(change);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static DeclinedException notListed(Origin origin) {
        return new DeclinedException(
                DeclineReason.NOT_TRUSTED, origin + " is not among the payees you trust, and only those are paid");
    }

    private static DeclinedException changed(TrustChange change) {
        DeclineReason why =
                change.kind() == TrustChange.Kind.UNSIGNED ? DeclineReason.UNSIGNED : DeclineReason.TRUST_CHANGED;
        return new DeclinedException(why, change.words());
    }

    private static DeclinedException unusable(IOException e) {
        return new DeclinedException(
                DeclineReason.TRUST_UNUSABLE, "the pins of payees cannot be relied on: " + Failures.words(e));
    }
}
