package org.farthing.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.testing.Reply;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.testing.MemberChanges;
import org.farthing.testing.MemberChanges.Change;
import org.farthing.testing.Requirement;
import org.farthing.testing.TextEdit;
import org.jspecify.annotations.Nullable;

/**
 * Every parameter of a challenge and every member of a receipt, changed on the way under the signature they had: the client pays no
 * such challenge, and believes no such receipt.
 */
class ChallengeMutationProperties {

    private static final List<String> SIGNED =
            List.of("id", "realm", "method", "intent", "request", "expires", "digest", "opaque", "jws");

    /** What a changed challenge can be declined for: first what says that it was changed, then what it would mean. */
    private static final Set<DeclineReason> CHANGED = Set.of(
            DeclineReason.SIGNATURE_REJECTED,
            DeclineReason.UNSIGNED,
            DeclineReason.DIGEST_MISMATCH,
            DeclineReason.EXPIRED,
            DeclineReason.TOO_LONG_LIVED,
            DeclineReason.WRONG_REALM,
            DeclineReason.WRONG_BINDING,
            DeclineReason.WRONG_RECIPIENT,
            DeclineReason.MALFORMED_CHALLENGE);

    private final Path folder = temporary();
    private final Fixture fixture = fixture(folder);

    @AfterProperty
    void close() throws IOException {
        fixture.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<TextEdit> edits() {
        return TextEdit.printable();
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    @Requirement({"C1", "C4", "C11", "C14", "C19", "T8", "T9", "T15", "T16", "T17", "F-SG-21", "F-SG-31", "F-SG-36"})
    void challenge_anyParameterChanged_isNeverPaid(
            @ForAll @IntRange(max = 999) int which, @ForAll("edits") TextEdit edit) throws Exception {
        String name = SIGNED.get(which % SIGNED.size());
        AtomicReference<String> sent = new AtomicReference<>("");
        AtomicBoolean changed = new AtomicBoolean();
        PaidResponse<String> answer = ask(parameters -> {
            String before = parameters.get(name);
            changed.set(!edit.apply(before).equals(before));
            // An honest challenge would be paid, so an edit that changes nothing takes the signature away.
            if (changed.get()) {
                parameters.put(name, edit.apply(before));
            } else {
                parameters.remove("jws");
            }
            sent.set(field(parameters));
        });
        Assume.that(changed.get());

        assertThat(declined(answer)).isIn(reasons(requireNonNull(sent.get())));
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        assertThat(fixture.payee.payments()).isZero();
        assertThat(fixture.client.journal().entries()).isEmpty();
    }

    private static Set<DeclineReason> reasons(String field) {
        try {
            Challenge challenge = Challenge.parse(field);
            boolean ours =
                    challenge.method().equals("wallet") && challenge.intent().equals("charge");
            return ours ? CHANGED : Set.of(DeclineReason.METHOD_UNSUPPORTED);
        } catch (MalformedException e) {
            return Set.of(DeclineReason.MALFORMED_CHALLENGE, DeclineReason.NO_CHALLENGE);
        }
    }

    @Example
    @Requirement({"C1", "C4", "C11", "C14", "T8", "T74", "F-SG-21", "F-SG-36"})
    void challenge_anyParameterLeftOut_isNeverPaid() throws Exception {
        for (String name : SIGNED) {
            assertThat(declined(ask(parameters -> parameters.remove(name))))
                    .as(name)
                    .isNotNull();
        }
        assertThat(fixture.payee.payments()).isZero();
        assertThat(fixture.client.journal().entries()).isEmpty();
    }

    @Example
    @Requirement({"C1", "C4", "C14", "T8", "T25", "T30", "F-SG-21"})
    void challenge_anyMemberOfItsRequestOrOpaqueChanged_isNeverPaid() throws Exception {
        int declined = 0;
        for (String name : List.of("request", "opaque")) {
            AtomicInteger changes = new AtomicInteger(1);
            for (int i = 0; i < changes.get(); i++) {
                int at = i;
                PaidResponse<String> answer = ask(parameters -> {
                    List<Change> all = MemberChanges.of(decoded(parameters.get(name)));
                    changes.set(all.size());
                    parameters.put(name, Base64Url.encodeUtf8(all.get(at).json()));
                });
                assertThat(declined(answer)).isIn(CHANGED);
                declined++;
            }
        }
        assertThat(declined).isGreaterThan(40);
        assertThat(fixture.payee.payments()).isZero();
        assertThat(fixture.client.journal().entries()).isEmpty();
    }

    /** What is not signed may be changed by whoever likes, and what nobody defined may be there: neither is decided on or sent back. */
    @Example
    @Requirement({"C5", "C7", "T10", "F-CH-7", "F-CH-9", "F-CL-11"})
    void challenge_withAnotherDescriptionOrAnUnknownParameter_isPaid() throws Exception {
        for (String name : List.of("description", "x-unknown", "charset")) {
            PaidResponse<String> answer = ask(parameters -> parameters.put(name, "free of charge"));
            assertThat(answer.outcome()).as(name).isInstanceOf(Served.class);
        }
        assertThat(fixture.payee.payments()).isEqualTo(3);
    }

    @Example
    @Requirement({"C20", "T35", "F-RC-20", "F-RC-22"})
    void receipt_anyMemberChanged_isNotBelieved() throws Exception {
        AtomicReference<List<Change>> changes = new AtomicReference<>(List.of());
        int i = 0;
        do {
            int at = i++;
            fixture.server.script(fixture.payee.script(
                    fixture.payer(), request -> fixture.payee.demand(request, offer -> {}), (request, paid) -> {
                        PaymentReceipt receipt = fixture.payee.receipt(paid.challenge());
                        changes.set(MemberChanges.of(CanonicalJson.write(receipt.members())));
                        String changed = requireNonNull(changes.get()).get(at).json();
                        return Reply.ok("content").header("Payment-Receipt", Base64Url.encodeUtf8(changed));
                    }));
            ReceiptStatus status = ((Served) fixture.get("/").outcome()).receiptStatus();
            Change change = requireNonNull(changes.get()).get(at);
            // Without a signature that is a text there is none.
            assertThat(status)
                    .as(change.json())
                    .isEqualTo(change.path().equals("jws") ? ReceiptStatus.UNSIGNED : ReceiptStatus.INVALID);
        } while (i < requireNonNull(changes.get()).size());
        assertThat(i).isGreaterThan(60);
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private interface OnTheWay {
        void change(Map<String, String> parameters) throws MalformedException;
    }

    private PaidResponse<String> ask(OnTheWay change) throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> {
                    Map<String, String> parameters = parameters(fixture.payee.signed(fixture.payee.offer(request)));
                    try {
                        change.change(parameters);
                    } catch (MalformedException e) {
                        throw new AssertionError(e);
                    }
                    return Reply.problem(Problem.of(ProblemType.PAYMENT_REQUIRED, "This page costs money."))
                            .header("WWW-Authenticate", field(parameters));
                },
                (request, paid) -> fixture.payee.serve(paid)));
        return fixture.send(HttpRequest.newBuilder(fixture.uri("/"))
                .POST(BodyPublishers.ofString("a question"))
                .build());
    }

    private static Map<String, String> parameters(Challenge challenge) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("id", challenge.id());
        parameters.put("realm", challenge.realm());
        parameters.put("method", challenge.method());
        parameters.put("intent", challenge.intent());
        parameters.put("request", challenge.request());
        parameters.put("expires", String.valueOf(challenge.expires()));
        parameters.put("digest", String.valueOf(challenge.digest()));
        parameters.put("opaque", String.valueOf(challenge.opaque()));
        parameters.put("jws", String.valueOf(challenge.jws()));
        return parameters;
    }

    private static String field(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=\""
                        + entry.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(", ", "Payment ", ""));
    }

    private static String decoded(@Nullable String base64url) throws MalformedException {
        return new String(Base64Url.decode(String.valueOf(base64url), "test"), StandardCharsets.UTF_8);
    }

    private static DeclineReason declined(PaidResponse<String> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        return ((Declined) answer.outcome()).why();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("farthing-client");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Fixture fixture(Path folder) {
        try {
            return new Fixture(
                    folder,
                    policy -> policy.perPeriod(Duration.ofHours(1), "1usd").total("10usd"),
                    builder -> builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
