package org.farthing.protocol.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.Money;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.farthing.testing.Malformed;
import org.farthing.testing.MemberChanges;
import org.farthing.testing.MemberChanges.Change;
import org.farthing.testing.Mutations;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What holds for every body of a wallet service alike: it reads back as it was written, each single change of a member is
 * refused or means nothing, and no text ends in anything but a value or a {@link MalformedException}.
 */
@Requirement({"F-WS-1", "F-WS-2", "T24", "T25"})
class BodyProperties {

    private static final String RB = String.valueOf(ReferenceVector.TARGET.rb());
    private static final String KEY = CanonicalJson.write(Body.jwk(ServicePurchase.WALLET_KEY.publicKey()));
    private static final String OTHER_KEY = CanonicalJson.write(Body.jwk(ServicePurchase.SERVICE_KEY.publicKey()));
    private static final String THUMBPRINT =
            ServicePurchase.WALLET_KEY.publicKey().thumbprint();
    private static final String PAYMENT =
            ServicePurchase.payment(State.CAPTURED, 2000, 500).format();

    private interface Codec {
        String rewrite(byte[] body) throws MalformedException;
    }

    /** A body with all its members, how it is read and written, and which members may be missing. */
    @SuppressWarnings("ImmutableEnumChecker") // method references without state, and the set of Set.of
    enum Sample {
        SUBMISSION(
                new PaymentSubmission(ServicePurchase.CHALLENGE.withDescription("One page"), ServicePurchase.ORDER)
                        .format(),
                body -> PaymentSubmission.parse(body).format(),
                "challenge.description",
                "challenge.digest",
                "challenge.expires",
                "challenge.opaque"),
        PAYMENT(BodyProperties.PAYMENT, body -> ServicePayment.parse(body).format(), "wallet"),
        REPLY(
                "{\"payment\":" + BodyProperties.PAYMENT + ",\"receipt\":\"a.b.c\"}",
                body -> PaymentReply.parse(body).format(),
                "payment.wallet"),
        RELEASE(
                "{\"release\":"
                        + ReleaseStatement.sign(
                                        ServicePurchase.PAYEE_KEY, "c-1", ReferenceVector.ORIGIN, ServicePurchase.NOW)
                                .format()
                        + "}",
                body -> ReleaseNotice.parse(body).format()),
        BATCH(
                "{\"items\":[{\"amount\":\"2500\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"capture\",\"rb\":\"" + RB
                        + "\"},{\"jti\":\"Dw4NDAsKCQgHBgUEAwIBAA\",\"op\":\"release\"}]}",
                body -> CaptureBatch.parse(body).format(),
                "items.0.rb"),
        RESULTS(
                "{\"results\":[{\"amount\":\"2500\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"result\":\"captured\"},"
                        + "{\"amount\":\"0\",\"jti\":\"Dw4NDAsKCQgHBgUEAwIBAA\",\"result\":\"already-captured\"},"
                        + "{\"jti\":\"Dw4NDAsKCQgHBgUEAwIBAA\",\"result\":\"unknown\"}]}",
                body -> CaptureResults.parse(body).format()),
        PAGE(
                "{\"next\":\"17\",\"payments\":["
                        + ServicePurchase.payment(State.HELD, 0, 0)
                                .withoutWallet()
                                .format()
                        + "]}",
                body -> PaymentsPage.parse(body).format(),
                "next"),
        REFUND(
                "{\"amount\":\"500\",\"idempotencyKey\":\"r-1\",\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"reason\":\"half\"}",
                body -> RefundOrder.parse(body).format(),
                "reason"),
        PAYEE(
                "{\"capture\":\"deferred\",\"origin\":\"https://api.example.com\",\"status\":\"FROZEN\"}",
                body -> PayeeRegistration.parse(body).format()),
        REGISTERED(
                "{\"capture\":\"prompt\",\"fetched\":\"2026-11-22T10:00:00Z\",\"keys\":[\"2026-11a\"],"
                        + "\"origin\":\"https://api.example.com\",\"status\":\"ACTIVE\"}",
                body -> RegisteredPayee.parse(body).format()),
        OPENING(
                "{\"dailyLimits\":{\"unit:pages\":\"7\",\"usd\":\"5.00\"},\"jwk\":" + KEY + ",\"recovery\":" + OTHER_KEY
                        + "}",
                body -> WalletOpening.parse(body).format(),
                "dailyLimits",
                "dailyLimits.usd",
                "dailyLimits.unit:pages",
                "recovery"),
        LIMIT(
                "{\"code\":\"usd\",\"perDay\":\"5.00\"}",
                body -> LimitChange.parse(body).format()),
        NO_LIMIT(
                "{\"code\":\"usd\",\"perDay\":\"none\"}",
                body -> LimitChange.parse(body).format()),
        FREEZE("{\"frozen\":\"true\"}", body -> FreezeChange.parse(body).format()),
        ADD_KEY("{\"add\":" + KEY + "}", body -> KeyChange.parse(body).format()),
        REVOKE_KEY(
                "{\"revoke\":\"" + THUMBPRINT + "\"}",
                body -> KeyChange.parse(body).format()),
        WALLET(
                "{\"accounts\":[{\"available\":\"1000\",\"currency\":\"usd.e6\",\"held\":\"5\"}],"
                        + "\"created\":\"2026-11-22T10:00:00Z\",\"keys\":[\"" + THUMBPRINT + "\"],"
                        + "\"limits\":[{\"code\":\"usd\",\"perDay\":\"5.00\",\"resetsAt\":\"2026-11-23T00:00:00Z\","
                        + "\"spent\":\"0.0025\"}],\"recovery\":\"" + THUMBPRINT + "\",\"status\":\"FROZEN\","
                        + "\"wallet\":\"w_7Q2k\"}",
                body -> WalletRecord.parse(body).format(),
                "limits",
                "recovery");

        private final String json;
        private final Codec codec;
        private final Set<String> optional;

        Sample(String json, Codec codec, String... optional) {
            this.json = json;
            this.codec = codec;
            this.optional = Set.of(optional);
        }

        String rewrite(String text) throws MalformedException {
            return codec.rewrite(text.getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void parse_asWritten_sameText(Sample sample) throws Exception {
        assertThat(sample.rewrite(sample.json)).isEqualTo(sample.json);
    }

    @ParameterizedTest
    @EnumSource
    void parse_memberRemoved_malformedUnlessOptional(Sample sample) {
        Set<String> accepted = new TreeSet<>();
        for (Change change : MemberChanges.of(sample.json)) {
            if (change.kind() == MemberChanges.Kind.REMOVED && isAccepted(sample, change)) {
                accepted.add(change.path());
            }
        }
        assertThat(accepted).isEqualTo(new TreeSet<>(sample.optional));
    }

    @ParameterizedTest
    @EnumSource
    void parse_memberOfAnotherType_malformed(Sample sample) {
        for (Change change : MemberChanges.of(sample.json)) {
            if (change.kind() == MemberChanges.Kind.OTHER_TYPE) {
                assertThat(isAccepted(sample, change)).as(change.json()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void parse_memberNobodyDefined_ignoredExceptBesideSignedOnes(Sample sample) throws Exception {
        for (Change change : MemberChanges.of(sample.json)) {
            if (change.kind() != MemberChanges.Kind.ADDED) {
                continue;
            }
            if (change.path().startsWith("release.") || change.path().startsWith("dailyLimits.")) {
                assertThat(isAccepted(sample, change)).as(change.json()).isFalse();
            } else {
                assertThat(sample.rewrite(change.json())).as(change.json()).isEqualTo(sample.json);
            }
        }
    }

    private static boolean isAccepted(Sample sample, Change change) {
        try {
            sample.rewrite(change.json());
            return true;
        } catch (MalformedException e) {
            assertThat(e.where()).isNotEmpty();
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void parse_memberTwice_duplicate(Sample sample) {
        String first = sample.json.substring(1, sample.json.indexOf(':'));

        Malformed.assertFault(Fault.DUPLICATE, () -> sample.rewrite("{" + first + ":0," + sample.json.substring(1)));
    }

    @ParameterizedTest
    @EnumSource
    @Requirement("T23")
    void parse_overTheLimit_tooLarge(Sample sample) {
        String padded = sample.json + " ".repeat(1 << 20);

        Malformed.assertFault(Fault.TOO_LARGE, () -> sample.rewrite(padded));
    }

    @Property(tries = 3000)
    void parse_spoiltText_valueThatReadsBackOrMalformed(@ForAll("spoilt") Spoilt spoilt) {
        Mutations.assertOnlyMalformed(
                text -> {
                    String written = spoilt.sample.rewrite(text);
                    assertThat(spoilt.sample.rewrite(written)).isEqualTo(written);
                },
                spoilt.text);
    }

    private record Spoilt(Sample sample, String text) {}

    @Provide
    Arbitrary<Spoilt> spoilt() {
        return Arbitraries.of(Sample.values())
                .flatMap(sample -> Mutations.of(sample.json)
                        // A lone surrogate cannot be sent: UTF-8 has no bytes for it.
                        .map(text -> new Spoilt(sample, text.replaceAll("[\\ud800-\\udfff]", "?"))));
    }

    @Property(tries = 300)
    void parse_anyText_malformed(@ForAll Sample sample, @ForAll String text) {
        assertThatThrownBy(() -> sample.rewrite(text)).isInstanceOf(MalformedException.class);
    }

    @Property(tries = 300)
    void captureBatch_anyItems_readBack(@ForAll("items") List<CaptureBatch.Item> items) throws Exception {
        CaptureBatch batch = new CaptureBatch(items);

        assertThat(CaptureBatch.parse(batch.format().getBytes(UTF_8))).isEqualTo(batch);
    }

    @Property(tries = 300)
    void captureResults_anyResults_readBack(@ForAll("results") List<CaptureResults.Result> results) throws Exception {
        CaptureResults all = new CaptureResults(results);

        assertThat(CaptureResults.parse(all.format().getBytes(UTF_8))).isEqualTo(all);
    }

    @Property(tries = 300)
    void payment_anyPayment_readBack(@ForAll("payments") ServicePayment payment) throws Exception {
        PaymentReply reply = new PaymentReply(payment, "a.b.c");
        PaymentsPage page = new PaymentsPage(null, List.of(payment.withoutWallet()));

        assertThat(ServicePayment.parse(payment.toMap())).isEqualTo(payment);
        assertThat(PaymentReply.parse(reply.format().getBytes(UTF_8))).isEqualTo(reply);
        assertThat(PaymentsPage.parse(page.format().getBytes(UTF_8))).isEqualTo(page);
    }

    @Property(tries = 300)
    void limits_anyMoney_readBack(@ForAll("moneys") Money perDay) throws Exception {
        LimitChange change = new LimitChange(perDay.code(), perDay);
        WalletOpening opening = new WalletOpening(ServicePurchase.WALLET_KEY.publicKey(), null, List.of(perDay));

        assertThat(LimitChange.parse(change.format().getBytes(UTF_8))).isEqualTo(change);
        assertThat(WalletOpening.parse(opening.format().getBytes(UTF_8))).isEqualTo(opening);
    }

    @Provide
    Arbitrary<List<CaptureBatch.Item>> items() {
        Arbitrary<CaptureBatch.Item> captures = Combinators.combine(
                        bytes(16), amounts(), bytes(32).injectNull(0.3))
                .as(CaptureBatch.Item::capture);
        Arbitrary<CaptureBatch.Item> releases =
                Combinators.combine(bytes(16), bytes(32).injectNull(0.3)).as(CaptureBatch.Item::release);
        return Arbitraries.oneOf(captures, releases)
                .list()
                .ofMinSize(1)
                .ofMaxSize(CaptureBatch.MAX_ITEMS)
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<List<CaptureResults.Result>> results() {
        return Combinators.combine(bytes(16), Arbitraries.of(CaptureResults.Outcome.values()), amounts())
                .as((jti, outcome, amount) ->
                        new CaptureResults.Result(jti, outcome, outcome.isCaptured() ? amount : null))
                .list()
                .ofMinSize(1)
                .ofMaxSize(CaptureBatch.MAX_ITEMS)
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<ServicePayment> payments() {
        return Combinators.combine(
                        Arbitraries.of(State.values()),
                        amounts(),
                        Arbitraries.longs().between(0, 99))
                .as((state, share, percent) -> {
                    long captured = state == State.CAPTURED ? share.baseUnits() % 2501 : 0;
                    return ServicePurchase.payment(state, captured, captured * percent / 99);
                });
    }

    @Provide
    Arbitrary<Money> moneys() {
        Arbitrary<Money> dollars = amounts().map(amount -> Money.of(amount, new CurrencyId("usd.e12")));
        Arbitrary<Money> pages = amounts().map(amount -> Money.of(amount, new CurrencyId("unit:pages")));
        return Arbitraries.oneOf(dollars, pages);
    }

    private static Arbitrary<Amount> amounts() {
        return Arbitraries.longs().between(0, Amount.MAX.baseUnits()).map(Amount::of);
    }

    private static Arbitrary<String> bytes(int length) {
        return Arbitraries.bytes().array(byte[].class).ofSize(length).map(Base64Url::encode);
    }
}
