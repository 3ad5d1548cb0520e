package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Credential;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.server.jetty.PaidRequests.Kind;
import org.farthing.server.jetty.PaidRequests.Paid;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.testing.JsonArbitraries;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;

/**
 * What neither a challenge binds nor anybody signs, changed in a good credential and sent to a running paywall: it is served
 * at the same price to the same payer, and nothing is different but the credential's hash.
 */
class HarmlessChangeProperties {

    /** What is changed. */
    enum Harmless {
        DESCRIPTION,
        NO_DESCRIPTION,
        SOURCE,
        UNKNOWN_MEMBER,
        UNKNOWN_MEMBER_OF_THE_ECHO,
        UNKNOWN_MEMBER_OF_THE_PAYLOAD,
        SIGNATURE_ECHOED,
        WHITE_SPACE,
        MEMBER_ORDER
    }

    /** One change, with the text and the JSON value it needs. */
    record Change(Harmless what, String text, @Nullable Object value) {

        String of(Paid paid) {
            Map<String, @Nullable Object> members = paid.members();
            // No member that anybody defined, or reserved as "proof" is.
            String unknown = "x" + text;
            String json = CanonicalJson.write(members);
            return switch (what) {
                // F-CH-22: a parameter has no control characters, so no echo of one has.
                case DESCRIPTION -> paid.withEcho("description", text.replaceAll("[\\x00-\\x1f\\x7f]", "?") + ".");
                case NO_DESCRIPTION -> without(paid, "description");
                case SOURCE -> with(members, "source", value == null ? "did:key:z6MkSomebodyElse" : value);
                case UNKNOWN_MEMBER -> with(members, unknown, value);
                case UNKNOWN_MEMBER_OF_THE_ECHO -> paid.withEcho(unknown, value);
                case UNKNOWN_MEMBER_OF_THE_PAYLOAD -> paid.withPayload(unknown, value);
                case SIGNATURE_ECHOED -> paid.withEcho("jws", paid.challenge().jws());
                case WHITE_SPACE -> Base64Url.encodeUtf8("{\n" + json.substring(1) + "\t ");
                case MEMBER_ORDER -> Base64Url.encodeUtf8(reversed(paid));
            };
        }

        private static String with(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
            members.put(name, value);
            return PaidRequests.write(members);
        }

        private static String without(Paid paid, String name) {
            Map<String, @Nullable Object> echo = paid.echo();
            echo.remove(name);
            return paid.withEcho(echo);
        }

        private static String reversed(Paid paid) {
            return "{\"payload\":" + CanonicalJson.write(paid.payload()) + ",\"challenge\":"
                    + CanonicalJson.write(paid.echo()) + "}";
        }
    }

    private final PaidRequests requests = new PaidRequests();

    @AfterProperty
    void close() {
        assertThat(requests.paywall.balanced()).isTrue();
        requests.close();
    }

    @Provide
    @SuppressWarnings("NullAway") // JSON null
    Arbitrary<Change> changes() {
        Arbitrary<@Nullable Object> values = Arbitraries.oneOf(
                JsonArbitraries.objects().asGeneric(),
                JsonArbitraries.text().asGeneric(),
                Arbitraries.longs().between(-1000, 1000).asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.just(List.of("a", 1L)).asGeneric(),
                Arbitraries.just(null));
        return Combinators.combine(Arbitraries.of(Harmless.class), JsonArbitraries.text(), values)
                .as(Change::new);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    @Requirement({
        "S20", "S33", "T10", "F-CH-7", "F-CR-22", "F-CR-23", "F-CR-24", "F-CR-25", "F-CR-30", "F-EN-15", "F-WO-1",
        "F-RT-1"
    })
    void credential_changedWhereNothingIsBound_isServedAndDiffersInItsHashOnly(
            @ForAll Kind kind, @ForAll("changes") Change change, @ForAll boolean changedFirst) throws Exception {
        Paid twin = requests.fresh(kind);
        HttpTester.Response unchanged = requests.send(kind, twin.token68());
        Paid paid = requests.fresh(kind);
        String changed = change.of(paid);
        assertThat(changed).isNotEqualTo(paid.token68());
        String first = changedFirst ? changed : paid.token68();
        String second = changedFirst ? paid.token68() : changed;
        int before = requests.paywall.executions.get();

        HttpTester.Response answer = requests.send(kind, first);
        assertThat(answer.getStatus())
                .as(answer.getContent())
                .isEqualTo(unchanged.getStatus())
                .isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo(unchanged.getContent());
        Charge charge = requests.paywall.charge(paid.challenge().id());
        assertThat(charge.claimedBy(Credential.parse("Payment " + first).fingerprint()))
                .isTrue();
        assertThat(agreed(charge, kind))
                .isEqualTo(agreed(requests.paywall.charge(twin.challenge().id()), kind));

        HttpTester.Response again = requests.send(kind, first);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(again.get("Payment-Receipt")).isEqualTo(answer.get("Payment-Receipt"));

        HttpTester.Response others = requests.send(kind, second);
        assertThat(Problem.parse(others.getContentBytes()).type()).isEqualTo(ProblemType.ALREADY_FULFILLED);
        assertThat(others.getStatus()).isEqualTo(409);
        assertThat(requests.paywall.charge(paid.challenge().id())).isEqualTo(charge);
        assertThat(requests.paywall.executions).hasValue(before + 1);
    }

    /** What was agreed, without what every challenge has of its own: ids, hashes, times, and a receipt's own payer. */
    private static Map<String, Object> agreed(Charge charge, Kind kind) {
        ChargeTerms terms = charge.terms();
        Map<String, Object> agreed = new TreeMap<>();
        agreed.put("wallet", kind == Kind.RECEIPT || kind == Kind.TOKEN ? "one for each token" : terms.wallet());
        agreed.put("payee", terms.payee());
        agreed.put("route", terms.route());
        agreed.put("method", terms.method());
        agreed.put("currency", terms.currency());
        agreed.put("amount", terms.amount());
        agreed.put("captured", charge.captured());
        agreed.put("state", charge.state());
        agreed.put("repeatable", terms.repeatable());
        return agreed;
    }
}
