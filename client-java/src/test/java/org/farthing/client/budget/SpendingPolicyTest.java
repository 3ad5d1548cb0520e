package org.farthing.client.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.client.budget.Refusal.Rule;
import org.farthing.client.budget.SpendBook.Spend;
import org.farthing.client.testing.SettableClock;
import org.farthing.protocol.CurrencyId;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

class SpendingPolicyTest {

    private static final Instant NOW = SettableClock.START;
    private static final Instant ANCHOR = Instant.parse("2026-11-22T00:00:00Z");

    private static SpendingPolicy.Builder dollars() {
        return SpendingPolicy.builder()
                .allowOrigin(Payments.ORIGIN)
                .perRequest("0.02usd")
                .total("1usd");
    }

    private static Spend spent(Instant at, Proposal proposal) {
        return new Spend(
                at,
                proposal.budget(),
                proposal.origin().text(),
                proposal.recipient(),
                proposal.money().value(),
                BigDecimal.ZERO);
    }

    private static Optional<Rule> rule(Optional<Refusal> refusal) {
        return refusal.map(Refusal::rule);
    }

    @Test
    @Requirement({"F-CL-1", "T11"})
    void build_nothingSaid_isRefused() {
        assertThatThrownBy(() -> SpendingPolicy.builder().build()).hasMessageContaining("allowOrigin");
        assertThatThrownBy(() -> SpendingPolicy.builder().allowAnyOrigin().build())
                .hasMessageContaining("perRequest");
        assertThatThrownBy(() -> SpendingPolicy.builder()
                        .allowAnyOrigin()
                        .perRequest("0.02usd")
                        .total("1eur")
                        .build())
                .hasMessageContaining("usd");
    }

    @Test
    @Requirement("F-CL-30")
    void checkAlone_withinLimits_allows() {
        assertThat(dollars().build().checkAlone(Payments.microDollars(20_000))).isEmpty();
    }

    @Test
    @Requirement({"F-CL-30", "T11"})
    void checkAlone_oneUnitAboveRequestLimit_isRefused() {
        assertThat(rule(dollars().build().checkAlone(Payments.microDollars(20_001))))
                .contains(Rule.PER_REQUEST);
    }

    @Test
    @Requirement({"F-CL-30", "T11"})
    void checkAlone_originNotListed_isRefused() {
        Proposal elsewhere = Payments.proposal("https://other.example", 1, "usd.e6");
        assertThat(rule(dollars().build().checkAlone(elsewhere))).contains(Rule.ORIGIN_NOT_ALLOWED);
        assertThat(dollars().allowAnyOrigin().build().checkAlone(elsewhere)).isEmpty();
    }

    @Test
    @Requirement({"F-CL-30", "T15"})
    void checkAlone_recipientNeitherOriginNorNamed_isRefused() {
        Proposal own = Payments.microDollars(1);
        Proposal other = new Proposal(own.target(), "https://shop.example", own.amount(), own.currency());
        assertThat(rule(dollars().build().checkAlone(other))).contains(Rule.RECIPIENT_NOT_ALLOWED);
        assertThat(dollars().allowRecipient("https://shop.example").build().checkAlone(other))
                .isEmpty();
    }

    @Test
    @Requirement("F-CL-30")
    void checkAlone_currencyWithoutLimit_isRefused() {
        Proposal euros = Payments.proposal(Payments.ORIGIN, 1, "eur");
        assertThat(rule(dollars().build().checkAlone(euros))).contains(Rule.CURRENCY_NOT_ALLOWED);
    }

    @Test
    @Requirement({"F-CL-31", "T78"})
    void checkBudgets_currencySpellings_shareOneBudget() {
        SpendingPolicy policy = dollars().total("0.02usd").build();
        SpendBook book = new SpendBook(ANCHOR);
        book.add(spent(NOW, Payments.proposal(Payments.ORIGIN, 1, "usd")));
        book.add(spent(NOW, Payments.proposal(Payments.ORIGIN, 90, "usd.e4")));
        assertThat(policy.checkBudgets(Payments.microDollars(1_000), book, NOW)).isEmpty();
        assertThat(rule(policy.checkBudgets(Payments.microDollars(1_001), book, NOW)))
                .contains(Rule.TOTAL);
    }

    @Test
    @Requirement({"F-CL-31", "T78"})
    void checkBudgets_units_haveABudgetOfTheirOwn() {
        SpendingPolicy policy =
                dollars().perRequest("3 unit:calls").total("5 unit:calls").build();
        SpendBook book = new SpendBook(ANCHOR);
        book.add(spent(NOW, Payments.proposal(Payments.ORIGIN, 3, "unit:calls")));
        Proposal two = Payments.proposal(Payments.ORIGIN, 2, "unit:calls");
        Proposal three = Payments.proposal(Payments.ORIGIN, 3, "unit:calls");
        assertThat(policy.checkBudgets(two, book, NOW)).isEmpty();
        assertThat(rule(policy.checkBudgets(three, book, NOW))).contains(Rule.TOTAL);
        assertThat(policy.checkBudgets(Payments.microDollars(20_000), book, NOW))
                .isEmpty();
    }

    @Test
    @Requirement("F-CL-34")
    void checkBudgets_nextPeriod_startsAfresh() {
        SpendingPolicy policy =
                dollars().perPeriod(Duration.ofHours(1), "0.01usd").build();
        SpendBook book = new SpendBook(ANCHOR);
        book.add(spent(NOW, Payments.microDollars(10_000)));
        Instant lastOfHour = Instant.parse("2026-11-22T09:59:59.999Z");
        Instant nextHour = Instant.parse("2026-11-22T10:00:00Z");
        assertThat(rule(policy.checkBudgets(Payments.microDollars(1), book, lastOfHour)))
                .contains(Rule.PER_PERIOD);
        assertThat(policy.checkBudgets(Payments.microDollars(10_000), book, nextHour))
                .isEmpty();
    }

    @Test
    @Requirement({"F-CL-30", "F-KY-13"})
    void checkBudgets_originAndRecipientLimits_holdEach() {
        SpendingPolicy policy = dollars()
                .allowAnyOrigin()
                .perOrigin("0.01usd")
                .perOrigin("https://dear.example", "0.02usd")
                .perRecipient("https://shop.example", "0.015usd")
                .allowRecipient("https://shop.example")
                .build();
        SpendBook book = new SpendBook(ANCHOR);
        book.add(spent(NOW, Payments.microDollars(10_000)));
        Proposal dear = Payments.proposal("https://dear.example", 15_001, "usd.e6");
        Proposal shop = new Proposal(dear.target(), "https://shop.example", dear.amount(), dear.currency());
        assertThat(rule(policy.checkBudgets(Payments.microDollars(1), book, NOW)))
                .contains(Rule.PER_ORIGIN);
        assertThat(policy.checkBudgets(dear, book, NOW)).isEmpty();
        assertThat(rule(policy.checkBudgets(shop, book, NOW))).contains(Rule.PER_RECIPIENT);
    }

    @Test
    @Requirement("F-WA-13")
    void checkBudgets_loopbackPayments_doNotUseUpRealMoney() {
        SpendingPolicy policy = dollars().total("0.01usd").build();
        SpendBook book = new SpendBook(ANCHOR);
        book.add(spent(NOW, Payments.proposal("http://127.0.0.1:8402", 10_000, "usd.e6")));
        assertThat(policy.checkBudgets(Payments.microDollars(10_000), book, NOW))
                .isEmpty();
    }

    @Test
    @Requirement("F-CL-30")
    void askOwner_aboveThreshold_onlyAYesPays() {
        List<ApprovalRequest> asked = new ArrayList<>();
        SpendingPolicy yes = dollars().approveAbove("0.01usd", asked::add).build();
        assertThat(yes.askOwner(asking(10_000))).isEmpty();
        assertThat(asked).isEmpty();
        assertThat(yes.askOwner(asking(10_001))).isEmpty();
        assertThat(asked).hasSize(1);
        SpendingPolicy no = dollars().approveAbove("0.01usd", proposal -> false).build();
        assertThat(rule(no.askOwner(asking(10_001)))).contains(Rule.NOT_APPROVED);
        SpendingPolicy broken = dollars()
                .approveAbove("0.01usd", proposal -> {
                    throw new IllegalStateException("no terminal");
                })
                .build();
        assertThat(rule(broken.askOwner(asking(10_001)))).contains(Rule.NOT_APPROVED);
    }

    private static ApprovalRequest asking(long microDollars) {
        return new ApprovalRequest(Payments.microDollars(microDollars), Payments.EXPIRES, "exact", null, true, false);
    }

    @Test
    void perPeriod_thatIsNoFixedPeriod_isRefused() {
        for (Duration period : List.of(
                Duration.ZERO,
                Duration.ofSeconds(90),
                Duration.ofMinutes(7),
                Duration.ofHours(25),
                Duration.ofDays(1).plusNanos(1),
                Duration.ofDays(-1))) {
            assertThatThrownBy(() -> dollars().perPeriod(period, "1usd")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Requirement({"T73", "F-OU-13"})
    void givesBack_releasesForEver_atMostOnceTheBudget() {
        SpendingPolicy policy =
                dollars().perPeriod(Duration.ofDays(1), "0.05usd").build();
        SpendBook book = new SpendBook(ANCHOR);
        Proposal two = Payments.microDollars(20_000);
        int times = 0;
        while (policy.givesBack(two, book, NOW)) {
            book.add(new Spend(
                    NOW,
                    two.budget(),
                    two.origin().text(),
                    two.recipient(),
                    BigDecimal.ZERO,
                    two.money().value()));
            times++;
        }
        assertThat(times).isEqualTo(2);
        assertThat(policy.givesBack(two, book, NOW.plus(Duration.ofDays(1)))).isTrue();
    }

    @Test
    @Requirement({"T73", "F-OU-13"})
    void givesBack_switchedOff_never() {
        SpendingPolicy policy = dollars().releasesGiveBack(false).build();
        assertThat(policy.givesBack(Payments.microDollars(1), new SpendBook(ANCHOR), NOW))
                .isFalse();
    }

    record Step(String currency, long amount, long minutes) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<String> currencies = Arbitraries.of("usd", "usd.e4", "usd.e6", "usd.e12");
        Arbitrary<Long> amounts = Arbitraries.longs().between(0, 2_000_000);
        Arbitrary<Long> minutes = Arbitraries.longs().between(0, 90);
        return Combinators.combine(currencies, amounts, minutes)
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 200)
    @Requirement({"F-CL-31", "F-CL-32", "T78"})
    void checkBudgets_anySequence_neverAboveAnyLimit(@ForAll("steps") List<Step> steps) {
        SpendingPolicy policy = dollars()
                .perRequest("0.5usd")
                .total("2usd")
                .perPeriod(Duration.ofHours(1), "0.7usd")
                .build();
        SpendBook book = new SpendBook(ANCHOR);
        BigDecimal total = BigDecimal.ZERO;
        List<Spend> accepted = new ArrayList<>();
        Instant at = NOW;
        for (Step step : steps) {
            at = at.plus(Duration.ofMinutes(step.minutes()));
            Proposal proposal = Payments.proposal(Payments.ORIGIN, step.amount(), step.currency());
            BigDecimal value = new BigDecimal(step.amount()).movePointLeft(new CurrencyId(step.currency()).exponent());
            assertThat(proposal.money().value()).isEqualByComparingTo(value);
            boolean allowed = policy.checkAlone(proposal).isEmpty()
                    && policy.checkBudgets(proposal, book, at).isEmpty();
            BigDecimal inHour = sumInHour(accepted, at).add(value);
            boolean fits = value.compareTo(new BigDecimal("0.5")) <= 0
                    && total.add(value).compareTo(new BigDecimal("2")) <= 0
                    && inHour.compareTo(new BigDecimal("0.7")) <= 0;
            assertThat(allowed).isEqualTo(fits);
            if (allowed) {
                total = total.add(value);
                accepted.add(spent(at, proposal));
                book.add(spent(at, proposal));
            }
        }
    }

    private static BigDecimal sumInHour(List<Spend> spends, Instant at) {
        long hour = at.getEpochSecond() / 3600;
        return spends.stream()
                .filter(spend -> spend.at().getEpochSecond() / 3600 == hour)
                .map(Spend::spent)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
