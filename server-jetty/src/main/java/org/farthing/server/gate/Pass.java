package org.farthing.server.gate;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.server.offer.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * What lets a wallet that paid ask for the very same thing again for a time (spec/pass.md). It is bound as a challenge is, by
 * the secrets challenge ids are made with, so that it costs no signature and no look-up to read one.
 *
 * <p><b>Guarantees.</b> A pass that is read was made by this server for this request line and these price facts, and has not
 * ended. It opens nothing: the wallet still proves itself, and the ledger is asked whether it was the one that paid.
 *
 * @param charge the challenge id of the charge that paid
 * @param rb the request it paid for
 * @param pf the price facts it paid for, or null if there are none
 * @param method how it paid
 * @param currency what it paid in
 * @param until when the pass ends
 */
record Pass(String charge, String rb, @Nullable String pf, String method, CurrencyId currency, Instant until) {

    /** The request field a pass is shown in. */
    static final String FIELD = "Payment-Pass";

    /** No payment method and no intent of a charge is called so: a pass never passes for a challenge, nor the reverse. */
    private static final String METHOD = "pass";

    private static final String INTENT = "reentry";
    /** Up to 23 hours in seconds; another method may mean something else by a member of that name. */
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,4}");

    private static final int MOST_CHARACTERS = 1024;

    /** The pass that a captured payment earned; empty if its challenge promised none. */
    static Optional<Pass> earned(Challenge paid, PaymentRequest request, long captured, Instant now) {
        if (captured == 0
                || !(request.methodDetails().get("pass") instanceof String seconds)
                || !SECONDS.matcher(seconds).matches()) {
            return Optional.empty();
        }
        try {
            String slot = paid.opaque();
            Opaque opaque = Opaque.parse(slot == null ? "" : slot);
            String rb = opaque.rb();
            Instant until = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(Long.parseLong(seconds));
            return rb == null
                    ? Optional.empty()
                    : Optional.of(new Pass(paid.id(), rb, opaque.pf(), paid.method(), request.currency(), until));
        } catch (MalformedException e) {
            throw new IllegalArgumentException("a challenge of our own has a readable opaque", e);
        }
    }

    /** The value of the receipt's member and of the field. */
    String format(SecretRing secrets, Origin origin, Instant now) {
        Map<String, Object> members = new TreeMap<>(Map.of(
                "charge", charge,
                "currency", currency.text(),
                "method", method,
                "rb", rb,
                "until", Rfc3339.format(until)));
        if (pf != null) {
            members.put("pf", pf);
        }
        String payload = Base64Url.encode(CanonicalJson.write(members).getBytes(StandardCharsets.UTF_8));
        return payload + "." + secrets.id(terms(payload, origin), now);
    }

    /** Reads what a request shows; empty for anything that is no pass of ours for this time, without saying why. */
    static Optional<Pass> read(List<String> lines, SecretRing secrets, Origin origin, Instant now) {
        if (lines.size() != 1 || lines.get(0).length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        String[] parts = lines.get(0).split("\\.", -1);
        try {
            return parts.length == 2
                            && secrets.verify(new Challenge(parts[1], terms(parts[0], origin), null, null), now)
                    ? Optional.of(parse(parts[0])).filter(pass -> now.isBefore(pass.until()))
                    : Optional.empty();
        } catch (MalformedException | IllegalArgumentException e) {
            // Not in the form of a pass; or ours, of another version.
            return Optional.empty();
        }
    }

    private static Pass parse(String payload) throws MalformedException {
        Map<String, @Nullable Object> members =
                StrictJson.parseObject(Base64Url.decode(payload, FIELD), FIELD, StrictJson.Limits.FIELD);
        return new Pass(
                text(members, "charge"),
                text(members, "rb"),
                members.containsKey("pf") ? text(members, "pf") : null,
                text(members, "method"),
                CurrencyId.parse(text(members, "currency"), FIELD),
                Rfc3339.parse(text(members, "until"), FIELD));
    }

    /** Tells whether it is for this request: the same line, the same price facts, and no body. */
    boolean isFor(RequestFacts facts, Optional<String> factsHash) {
        return facts.digest() == null && rb.equals(facts.target().rb()) && factsHash.equals(Optional.ofNullable(pf));
    }

    private static ChallengeTerms terms(String payload, Origin origin) {
        return new ChallengeTerms(origin.realm(), METHOD, INTENT, payload, null, null, null, null);
    }

    private static String text(Map<String, @Nullable Object> members, String name) throws MalformedException {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new MalformedException(MalformedException.Fault.MISSING, FIELD + "." + name, "a text is needed");
    }
}
