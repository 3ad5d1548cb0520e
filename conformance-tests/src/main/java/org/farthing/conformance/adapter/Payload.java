package org.farthing.conformance.adapter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * The proof a runner wants to be sent, and what is to be wrong with the credential around it.
 *
 * @param mode the contract's word
 * @param payload the proof
 * @param source who pays, or null
 */
record Payload(
        String mode,
        Map<String, @Nullable Object> payload,
        @Nullable Object source) {

    private static final Set<String> PAYING =
            Set.of("payment", "invalid_payload", "mismatched_request", "invalid_challenge_id");

    static Payload of(Members input) throws MalformedException {
        String mode = MakeChallengeId.text(input, "mode");
        if (mode == null) {
            mode = "payment";
        }
        if (mode.equals("plain")) {
            return new Payload(mode, Map.of(), null);
        }
        if (!PAYING.contains(mode)) {
            throw new MalformedException(
                    Fault.VALUE,
                    "input.mode",
                    "payment, plain, invalid_payload, mismatched_request or invalid_challenge_id is needed");
        }
        Members payment = new Members(input.object("payment"), "input.payment");
        return new Payload(mode, payment.object("payload"), payment.map().get("source"));
    }

    /** Whether anything is to be paid. */
    boolean pays() {
        return !mode.equals("plain");
    }

    Credential credential(Challenge challenge) {
        try {
            return switch (mode) {
                case "invalid_payload" -> Credential.of(challenge, source, Map.of("invalid", "payload"));
                case "mismatched_request" -> Credential.of(otherRequest(challenge), source, payload);
                case "invalid_challenge_id" -> Credential.of(otherId(challenge), source, payload);
                default -> Credential.of(challenge, source, payload);
            };
        } catch (MalformedException e) {
            throw new IllegalArgumentException("the challenge was read before", e);
        }
    }

    /** The echo of another offer: the same members, and an amount that nobody asked for. */
    private static Challenge otherRequest(Challenge challenge) throws MalformedException {
        Map<String, @Nullable Object> request = new LinkedHashMap<>(challenge.requestMembers());
        request.put("amount", "1".equals(request.get("amount")) ? "2" : "1");
        ChallengeTerms terms = challenge.terms();
        ChallengeTerms other = new ChallengeTerms(
                terms.realm(),
                terms.method(),
                terms.intent(),
                Shapes.encoded(request),
                terms.expires(),
                terms.digest(),
                terms.opaque(),
                terms.header());
        return new Challenge(challenge.id(), other, challenge.description(), challenge.jws());
    }

    private static Challenge otherId(Challenge challenge) {
        return new Challenge("not-" + challenge.id(), challenge.terms(), challenge.description(), challenge.jws());
    }
}
