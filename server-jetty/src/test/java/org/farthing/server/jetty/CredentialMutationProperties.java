package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.server.jetty.PaidRequests.Kind;
import org.farthing.server.jetty.PaidRequests.Paid;
import org.farthing.testing.MemberChanges;
import org.farthing.testing.MemberChanges.Change;
import org.farthing.testing.Requirement;
import org.farthing.testing.TextEdit;
import org.jspecify.annotations.Nullable;

/**
 * Every field that a challenge binds or a payer or a wallet service signs, changed in a credential that is good otherwise and
 * sent to a running paywall: each single change is refused with its problem, none is served, nothing moves.
 */
@Requirement({"F-PR-50", "F-PR-51", "S28", "S44"})
class CredentialMutationProperties {

    private static final Set<ProblemType> MALFORMED = Set.of(ProblemType.MALFORMED_CREDENTIAL);
    private static final Set<ProblemType> INVALID_CHALLENGE = Set.of(ProblemType.INVALID_CHALLENGE);
    private static final Set<ProblemType> INVALID_PAYLOAD = Set.of(ProblemType.INVALID_PAYLOAD);
    private static final Set<ProblemType> NOT_VERIFIED = Set.of(ProblemType.VERIFICATION_FAILED);

    private static final Set<ProblemType> NO_GOOD_TOKEN =
            Set.of(ProblemType.INVALID_PAYLOAD, ProblemType.VERIFICATION_FAILED);
    private static final Set<String> KNOWN_METHODS = Set.of("wallet", "token");

    private final PaidRequests requests = new PaidRequests();

    @AfterProperty
    void nothingHappened() throws MalformedException {
        try (requests) {
            requests.nothingHappenedAndTheUnchangedAreServed();
        }
    }

    @Provide
    Arbitrary<TextEdit> edits() {
        return TextEdit.any();
    }

    // ---- the echoed challenge ------------------------------------------------------------------------------------

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    @Requirement({"S3", "S13", "S22", "S54", "T4", "T5", "T6", "T8", "T16", "F-BI-1", "F-BI-4", "F-CR-22", "F-SV-6"})
    void echo_anyTextOfItChanged_isRefused(
            @ForAll Kind kind, @ForAll @IntRange(max = 999) int which, @ForAll("edits") TextEdit edit)
            throws Exception {
        Paid paid = requests.good(kind);
        List<String> slots = slots(paid);
        String slot = slots.get(which % slots.size());
        String before = String.valueOf(paid.echo().get(slot));
        String after = edit.apply(before);
        Assume.that(!after.equals(before));

        String token68 = paid.withEcho(slot, after);
        requests.refuses(paid, token68, forAnotherEcho(token68));
    }

    /** By the codec's own judgement of what is readable; everything readable is another challenge. */
    private static Set<ProblemType> forAnotherEcho(String token68) {
        try {
            String method = Credential.parse("Payment " + token68).challenge().method();
            return KNOWN_METHODS.contains(method) ? INVALID_CHALLENGE : Set.of(ProblemType.METHOD_UNSUPPORTED);
        } catch (MalformedException e) {
            return MALFORMED;
        }
    }

    private static List<String> slots(Paid paid) {
        return PaidRequests.SLOTS.stream()
                .filter(slot -> paid.echo().containsKey(slot))
                .toList();
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    @Requirement({"S3", "S13", "T4", "T5", "F-BI-1", "F-SV-6"})
    void echo_aTextOfAnotherChallengeInIt_isRefused(@ForAll Kind kind, @ForAll Kind other) throws Exception {
        Paid paid = requests.good(kind);
        Map<String, @Nullable Object> theirs = requests.fresh(other).echo();
        for (String slot : PaidRequests.SLOTS) {
            Map<String, @Nullable Object> echo = paid.echo();
            Object before = theirs.containsKey(slot) ? echo.put(slot, theirs.get(slot)) : echo.remove(slot);
            if (!Objects.equals(before, theirs.get(slot))) {
                requests.refuses(paid, paid.withEcho(echo), INVALID_CHALLENGE);
            }
        }
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    @Requirement({"S2", "S3", "S54", "T25", "F-CR-20", "F-CR-21", "F-CR-26", "F-WO-1", "F-RT-1", "F-SV-5", "F-SV-9"})
    void credential_anyMemberRemovedOrOfAnotherType_isRefused(@ForAll Kind kind) throws Exception {
        Paid paid = requests.good(kind);
        int refused = 0;
        for (Change change : MemberChanges.of(CanonicalJson.write(paid.members()))) {
            boolean bound =
                    !change.path().equals("challenge.description") || change.kind() != MemberChanges.Kind.REMOVED;
            // "maxAmount" is signed, and without it the order would be for the whole price.
            if (change.kind() != MemberChanges.Kind.ADDED && bound) {
                requests.refuses(paid, Base64Url.encodeUtf8(change.json()), forChangeOf(change));
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(70);
    }

    private static Set<ProblemType> forChangeOf(Change change) {
        boolean removed = change.kind() == MemberChanges.Kind.REMOVED;
        return switch (change.path()) {
            case "challenge.expires", "challenge.digest", "challenge.opaque", "challenge.header" ->
                removed ? INVALID_CHALLENGE : MALFORMED;
            case "payload.maxAmount" -> removed ? NOT_VERIFIED : INVALID_PAYLOAD;
            default -> change.path().startsWith("payload.") ? INVALID_PAYLOAD : MALFORMED;
        };
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    @Requirement({"S17", "S21", "T4", "T8", "T25", "T30", "T76", "F-BI-1", "F-BI-4"})
    void requestAndOpaque_anyMemberChanged_isRefused(@ForAll Kind kind) throws Exception {
        Paid paid = requests.good(kind);
        for (String slot : List.of("request", "opaque")) {
            String json = CanonicalJson.write(
                    PaidRequests.read(String.valueOf(paid.echo().get(slot))));
            for (Change change : MemberChanges.of(json)) {
                String token68 = paid.withEcho(slot, Base64Url.encodeUtf8(change.json()));
                requests.refuses(paid, token68, INVALID_CHALLENGE);
            }
            // The same JSON in other bytes is another text, and the text is what is bound.
            String spaced = Base64Url.encodeUtf8(json.replaceFirst(":", ": "));
            requests.refuses(paid, paid.withEcho(slot, spaced), INVALID_CHALLENGE);
        }
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    @Requirement({"T4", "T8", "T30", "T76", "F-BI-1", "F-BI-4"})
    void requestAndOpaque_anyTextOfThemChanged_isRefused(
            @ForAll Kind kind,
            @ForAll boolean inRequest,
            @ForAll @IntRange(max = 999) int which,
            @ForAll("edits") TextEdit edit)
            throws Exception {
        Paid paid = requests.good(kind);
        String slot = inRequest ? "request" : "opaque";
        Map<String, @Nullable Object> members =
                PaidRequests.read(String.valueOf(paid.echo().get(slot)));
        List<String> texts = members.keySet().stream()
                .filter(name -> members.get(name) instanceof String)
                .toList();
        String name = texts.get(which % texts.size());
        String before = String.valueOf(members.get(name));
        String after = edit.apply(before);
        Assume.that(!after.equals(before));

        members.put(name, after);
        requests.refuses(paid, paid.withEcho(slot, PaidRequests.write(members)), INVALID_CHALLENGE);
    }

    // ---- the proof -----------------------------------------------------------------------------------------------

    @Property(tries = 1200, edgeCases = EdgeCasesMode.NONE)
    @Requirement({"S4", "T17", "T18", "T19", "T20", "T29", "T71", "F-WO-1", "F-WO-3", "F-WO-21", "F-WO-22", "F-RT-11"})
    void payload_anyTextOfItChanged_isRefused(
            @ForAll Kind kind, @ForAll @IntRange(max = 999) int which, @ForAll("edits") TextEdit edit)
            throws Exception {
        Paid paid = requests.good(kind);
        List<String> names = List.copyOf(paid.payload().keySet());
        String name = names.get(which % names.size());
        String before = String.valueOf(paid.payload().get(name));
        String after = edit.apply(before);
        Assume.that(!after.equals(before));

        requests.refuses(paid, paid.withPayload(name, after), forPayload(name, after));
    }

    private static Set<ProblemType> forPayload(String name, String value) {
        return switch (name) {
            case "type" -> INVALID_PAYLOAD;
            case "wallet" -> value.matches("w_[A-Za-z0-9_-]{1,64}") ? NOT_VERIFIED : INVALID_PAYLOAD;
            case "maxAmount" -> isAtMostThePrice(value) ? NOT_VERIFIED : INVALID_PAYLOAD;
            case "tokens" -> NO_GOOD_TOKEN;
            default -> NOT_VERIFIED;
        };
    }

    private static boolean isAtMostThePrice(String text) {
        try {
            return Amount.parse(text, "test").compareTo(Amount.of(Paywall.PRICE)) <= 0;
        } catch (MalformedException e) {
            return false;
        }
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    @Requirement({"S4", "T19", "T20", "T41", "F-WO-22", "F-RT-11", "F-ST-12"})
    void signature_anyBitOfItChanged_isRefused(@ForAll Kind kind) throws Exception {
        Assume.that(EnumSet.of(Kind.ORDER, Kind.ES256_ORDER, Kind.RECEIPT).contains(kind));
        Paid paid = requests.good(kind);
        String member = kind == Kind.RECEIPT ? "receipt" : "jws";
        String signed = String.valueOf(paid.payload().get(member));
        int start = signed.lastIndexOf('.') + 1;
        byte[] signature = Base64Url.decode(signed.substring(start), "signature");
        for (int bit = 0; bit < signature.length * 8; bit++) {
            signature[bit / 8] ^= (byte) (1 << (bit % 8));
            String changed = signed.substring(0, start) + Base64Url.encode(signature);
            requests.refuses(paid, paid.withPayload(member, changed), NOT_VERIFIED);
            signature[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    /** Nonce, challenge digest, key id and authenticator: every byte of them, by one bit. */
    @Example
    @Requirement({"F-TK-55", "T41", "T57", "F-ST-12"})
    void token_anyByteOfItChanged_isRefused() throws Exception {
        Paid paid = requests.good(Kind.TOKEN);
        byte[] token = Base64Url.decode(String.valueOf(paid.payload().get("tokens")), "tokens");
        for (int i = 0; i < token.length; i++) {
            byte bit = (byte) (1 << (i % 8));
            token[i] ^= bit;
            requests.refuses(
                    paid, paid.withPayload("tokens", Base64Url.encode(token)), i < 2 ? INVALID_PAYLOAD : NOT_VERIFIED);
            token[i] ^= bit;
        }
    }

    /** Even signed by the service itself: a token with one claim less, or of another type, is none. */
    @Example
    @Requirement({"S4", "T25", "F-RT-2", "F-RT-11"})
    void receipt_anyClaimRemovedOrOfAnotherTypeAndSignedAnew_isRefused() throws Exception {
        Paid paid = requests.good(Kind.RECEIPT);
        String token = String.valueOf(paid.payload().get("receipt"));
        String claims = CanonicalJson.write(CompactJws.parse(token).claims());
        for (Change change : MemberChanges.of(claims)) {
            if (change.kind() != MemberChanges.Kind.ADDED) {
                Map<String, @Nullable Object> signed =
                        new HashMap<>(PaidRequests.read(Base64Url.encodeUtf8(change.json())));
                String anew = CompactJws.sign(requests.house.mint, ArtifactType.RECEIPT_TOKEN, signed);
                requests.refuses(paid, paid.withPayload("receipt", anew), NOT_VERIFIED);
            }
        }
    }

    // ---- the bytes -----------------------------------------------------------------------------------------------

    /** One letter of the credential for another: most such changes are no JSON any more, and the rest is judged by what it says. */
    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    @Requirement({"S2", "S3", "S4", "T27", "F-CR-6", "F-PR-50"})
    void token68_anyLetterChanged_isNeverServed(
            @ForAll Kind kind,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double place,
            @ForAll @CharRange(from = '-', to = 'z') char letter)
            throws Exception {
        Paid paid = requests.good(kind);
        int at = (int) (place * paid.token68().length());
        String changed =
                paid.token68().substring(0, at) + letter + paid.token68().substring(at + 1);
        Assume.that(!changed.equals(paid.token68()));
        Set<ProblemType> expected = forBytes(paid, changed);
        // A change of the description changes nothing but the hash; it would be served, and is tested elsewhere.
        Assume.that(!expected.isEmpty());

        requests.refuses(paid, changed, expected);
    }

    private static Set<ProblemType> forBytes(Paid paid, String changed) throws MalformedException {
        Set<ProblemType> forTheEcho = forAnotherEcho(changed);
        if (!forTheEcho.equals(INVALID_CHALLENGE)) {
            return forTheEcho;
        }
        Credential after = Credential.parse("Payment " + changed);
        Credential before = Credential.parse("Payment " + paid.token68());
        if (!after.challenge().id().equals(before.challenge().id())
                || !after.challenge().terms().equals(before.challenge().terms())) {
            return INVALID_CHALLENGE;
        }
        return after.payload().equals(before.payload())
                ? Set.of()
                : EnumSet.of(ProblemType.INVALID_PAYLOAD, ProblemType.VERIFICATION_FAILED);
    }
}
