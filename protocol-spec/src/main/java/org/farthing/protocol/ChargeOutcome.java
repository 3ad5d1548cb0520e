package org.farthing.protocol;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.FieldText;
import org.farthing.protocol.internal.ItemParameters;

/**
 * What became of the money of a credential: the field {@code Payment-Outcome}. Specification: outcome.md (F-OU-1 to
 * F-OU-5).
 *
 * @param state what the payee says
 * @param challengeId the id of the challenge that the credential answered
 */
public record ChargeOutcome(State state, String challengeId) {

    private static final String WHERE = "Payment-Outcome";
    private static final int MAX_ID = 64;

    /** What can have become of the money. */
    public enum State {
        /** Charged. */
        CAPTURED,
        /** Set aside and given back, or refunded in full: not charged. */
        RELEASED,
        /** Nothing was set aside by this credential: not charged. */
        REFUSED,
        /** Not decided, or not known. */
        PENDING;

        /**
         * Returns the word of the wire.
         *
         * @return the name in lower case
         */
        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Refuses an id that the field cannot hold.
     *
     * @param state as described at the record
     * @param challengeId as described at the record
     * @throws IllegalArgumentException if the id is not 1 to 64 printable ASCII characters without space, quote and
     *     backslash
     */
    public ChargeOutcome {
        if (!isReadable(challengeId)) {
            throw new IllegalArgumentException("the field cannot hold this challenge id");
        }
    }

    /**
     * Tells whether a server may write an id. The id of an echo that was not verified is the sender's text, so only
     * plain ids are written, and without one the field is left out (F-OU-2).
     *
     * @param challengeId the id of an echoed challenge
     * @return true for 1 to 64 letters, digits, hyphens and underscores
     */
    public static boolean canName(String challengeId) {
        boolean plain = isReadable(challengeId);
        for (int i = 0; plain && i < challengeId.length(); i++) {
            char c = challengeId.charAt(i);
            plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        }
        return plain;
    }

    private static boolean isReadable(String id) {
        return !id.isEmpty()
                && id.length() <= MAX_ID
                && id.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\');
    }

    /**
     * Writes the field value.
     *
     * @return such as {@code captured;id="…"}
     * @throws IllegalArgumentException if {@link #canName} says no
     */
    public String format() {
        if (!canName(challengeId)) {
            throw new IllegalArgumentException("a server writes plain ids only");
        }
        return state.token() + ";id=\"" + challengeId + "\"";
    }

    /**
     * Finds what an answer says about a credential. A field that stands twice, cannot be read or names another challenge
     * is as good as absent (F-OU-3): its state must not be believed.
     *
     * @param fieldValues all values of {@code Payment-Outcome}
     * @param challengeId the id of the challenge that was answered
     * @return the state, or empty
     */
    public static Optional<State> find(List<String> fieldValues, String challengeId) {
        if (fieldValues.size() != 1) {
            return Optional.empty();
        }
        try {
            ChargeOutcome outcome = parse(fieldValues.get(0));
            return outcome.challengeId.equals(challengeId) ? Optional.of(outcome.state) : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a field value.
     *
     * @param fieldValue the value of {@code Payment-Outcome}
     * @return the outcome
     * @throws MalformedException if it is no such item, has an unknown state, or no id
     */
    public static ChargeOutcome parse(String fieldValue) throws MalformedException {
        FieldText.requireLength(fieldValue, WHERE);
        int start = 0;
        while (start < fieldValue.length() && fieldValue.charAt(start) == ' ') {
            start++;
        }
        int end = start;
        while (end < fieldValue.length() && fieldValue.charAt(end) >= 'a' && fieldValue.charAt(end) <= 'z') {
            end++;
        }
        State state = state(fieldValue.substring(start, end));
        String id = ItemParameters.read(fieldValue, end, WHERE).get("id");
        if (id == null || !isReadable(id)) {
            throw new MalformedException(
                    id == null || id.isEmpty() ? Fault.MISSING : Fault.VALUE,
                    WHERE + ".id",
                    "the id of a challenge is needed");
        }
        return new ChargeOutcome(state, id);
    }

    private static State state(String token) throws MalformedException {
        for (State state : State.values()) {
            if (state.token().equals(token)) {
                return state;
            }
        }
        throw new MalformedException(Fault.VALUE, WHERE, "an unknown state");
    }
}
