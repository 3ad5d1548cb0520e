package org.farthing.client.budget;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.farthing.client.budget.Refusal.Rule;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What the owner allows to be paid without being asked. Nothing is paid without one, and a policy that would let a payee
 * take any amount cannot be built: every currency needs a limit per request and a limit for a period or in all.
 *
 * <p>Limits are people's money: {@code 0.02usd} bounds {@code usd}, {@code usd.e4} and {@code usd.e6} together, because
 * amounts are scaled exactly to one number per ISO code or unit name (T78). A currency without a limit is not paid.
 *
 * <p>Periods are fixed: a day is a UTC day, an hour starts on the hour, {@code n} days start at the UTC midnight before the
 * journal was created. Payments on loopback (plain http) count against the same limits, in books of their own.
 *
 * <pre>{@code
 * SpendingPolicy policy = SpendingPolicy.builder()
 *         .allowOrigin("https://api.example.com")
 *         .perRequest("0.02usd")
 *         .perPeriod(Duration.ofDays(1), "1usd")
 *         .build();
 * }</pre>
 *
 * <p>Immutable; safe to share between threads if the approval is.
 */
public final class SpendingPolicy {

    private final SpendingLimits limits;
    private final @Nullable Set<Origin> origins;
    private final Set<String> recipients;
    private final Set<Origin> unsigned;
    private final @Nullable Approval approval;
    private final boolean releasesGiveBack;

    private SpendingPolicy(Builder builder) {
        limits = builder.limits.copy();
        origins = builder.anyOrigin ? null : Set.copyOf(builder.origins);
        recipients = Set.copyOf(builder.recipients);
        unsigned = Set.copyOf(builder.unsigned);
        approval = builder.approval;
        releasesGiveBack = builder.releasesGiveBack;
    }

    /**
     * Starts a policy that allows nothing.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Tells whether unsigned challenges of an origin may be paid.
     *
     * @param origin the request's origin
     * @return true only if the owner named this very origin
     */
    public boolean allowsUnsigned(Origin origin) {
        return unsigned.contains(origin);
    }

    /**
     * Tells whether a recipient other than the request's origin was named by the owner. Its key document may then be
     * fetched; nothing a message names is fetched otherwise (T21).
     *
     * @param recipient the payee as the challenge names it
     * @return true only if the owner named it
     */
    public boolean namesRecipient(String recipient) {
        return recipients.contains(recipient);
    }

    /**
     * Looks at everything that does not depend on what was spent before.
     *
     * @param proposal the payment
     * @return the refusal, or empty if these rules allow it
     */
    public Optional<Refusal> checkAlone(Proposal proposal) {
        if (origins != null && !origins.contains(proposal.origin())) {
            return refuse(Rule.ORIGIN_NOT_ALLOWED, proposal.origin() + " is not among the origins that may be paid");
        }
        if (!proposal.recipient().equals(proposal.origin().text()) && !namesRecipient(proposal.recipient())) {
            return refuse(
                    Rule.RECIPIENT_NOT_ALLOWED,
                    "the payee is neither " + proposal.origin() + " nor among the recipients that may be paid");
        }
        Money price = proposal.money();
        BigDecimal most = limits.perRequest.get(price.code());
        if (most == null) {
            return refuse(Rule.CURRENCY_NOT_ALLOWED, "the policy has no limit for " + price.code());
        }
        if (price.value().compareTo(most) > 0) {
            return refuse(
                    Rule.PER_REQUEST,
                    price.format() + " is more than the " + show(most, price) + " that one request may cost");
        }
        return Optional.empty();
    }

    /**
     * Tells whether the owner has to be asked about an amount.
     *
     * @param proposal the payment
     * @return true if it is above the threshold
     */
    public boolean needsApproval(Proposal proposal) {
        Money price = proposal.money();
        BigDecimal threshold = limits.approveAbove.get(price.code());
        return threshold != null && price.value().compareTo(threshold) > 0;
    }

    /**
     * Asks the owner if the amount is above the threshold. May block for as long as a person thinks.
     *
     * @param request the payment
     * @return the refusal, or empty if it was approved or needed no approval
     */
    public Optional<Refusal> askOwner(ApprovalRequest request) {
        if (!needsApproval(request.proposal()) || (approval != null && asked(approval, request))) {
            return Optional.empty();
        }
        return refuse(Rule.NOT_APPROVED, request.money().format() + " is above the threshold and was not approved");
    }

    private static boolean asked(Approval approval, ApprovalRequest request) {
        try {
            return approval.approve(request);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Looks at the budgets. The journal calls it under its lock, with everything counted so far. */
    Optional<Refusal> checkBudgets(Proposal proposal, SpendBook book, Instant at) {
        Money price = proposal.money();
        for (SpendingLimits.Window window : limits.windows(proposal, book, at)) {
            if (window.sum().spent().add(price.value()).compareTo(window.most()) > 0) {
                BigDecimal left = window.most().subtract(window.sum().spent()).max(BigDecimal.ZERO);
                return refuse(
                        window.rule(),
                        price.format() + " is more than the " + show(left, price) + " left " + window.words());
            }
        }
        return Optional.empty();
    }

    /**
     * Tells whether a payee's signed word gives this money back: at most once the budget of each window in all, or a payee
     * that answers "released" for ever would drain the wallet (T73).
     */
    boolean givesBack(Proposal proposal, SpendBook book, Instant at) {
        if (!releasesGiveBack) {
            return false;
        }
        BigDecimal amount = proposal.money().value();
        return limits.windows(proposal, book, at).stream()
                .allMatch(window -> window.sum().returned().add(amount).compareTo(window.most()) <= 0);
    }

    private static Optional<Refusal> refuse(Rule rule, String words) {
        return Optional.of(new Refusal(rule, words));
    }

    private static String show(BigDecimal value, Money like) {
        return new Money(value, like.code()).format();
    }

    /**
     * Collects what the owner allows. Amounts are written as in {@code 0.02usd}. Each call sets the limit of the amount's
     * own currency and leaves the other currencies alone; a second call for the same currency replaces the first.
     */
    public static final class Builder {

        private static final long DAY = Duration.ofDays(1).toSeconds();

        private final SpendingLimits limits = new SpendingLimits();
        private final Set<Origin> origins = new LinkedHashSet<>();
        private final Set<String> recipients = new LinkedHashSet<>();
        private final Set<Origin> unsigned = new LinkedHashSet<>();
        private boolean anyOrigin;
        private boolean releasesGiveBack = true;
        private @Nullable Approval approval;

        private Builder() {}

        /**
         * Allows an origin to be paid.
         *
         * @param origin {@code https://host[:port]}
         * @return this
         * @throws IllegalArgumentException if it is no origin
         */
        public Builder allowOrigin(String origin) {
            origins.add(new Origin(origin));
            return this;
        }

        /**
         * Allows every origin to be paid, within the limits. For programs that do not know beforehand whom they will pay.
         *
         * @return this
         */
        public Builder allowAnyOrigin() {
            anyOrigin = true;
            return this;
        }

        /**
         * Allows a payee that is not the origin asked. Its key document is fetched from it and must list the origin.
         *
         * @param recipient the payee's https origin; for unsigned challenges of other servers whatever they write there
         * @return this
         */
        public Builder allowRecipient(String recipient) {
            recipients.add(recipient);
            return this;
        }

        /**
         * Lets unsigned challenges of one origin be paid: anybody between that origin and you can then change price and
         * payee, within the limits. Ignored for an origin that was ever seen signing.
         *
         * @param origin {@code https://host[:port]}
         * @return this
         * @throws IllegalArgumentException if it is no origin
         */
        public Builder allowUnsigned(String origin) {
            unsigned.add(new Origin(origin));
            return this;
        }

        /**
         * Sets the most that one request may cost. Needed for every currency that is to be paid.
         *
         * @param most for example {@code 0.02usd}
         * @return this
         */
        public Builder perRequest(String most) {
            return put(limits.perRequest, money(most));
        }

        /**
         * Sets the most that may be spent in each period.
         *
         * @param period whole minutes that divide a day, or whole days
         * @param most for example {@code 1usd}
         * @return this
         * @throws IllegalArgumentException if the period is anything else
         */
        public Builder perPeriod(Duration period, String most) {
            long seconds = period.toSeconds();
            boolean whole = seconds > 0 && period.equals(Duration.ofSeconds(seconds));
            boolean divides = whole && seconds % 60 == 0 && DAY % seconds == 0;
            if (!whole || (!divides && seconds % DAY != 0)) {
                throw new IllegalArgumentException(
                        "a period is whole minutes that divide a day, or whole days; not " + period);
            }
            Money money = money(most);
            limits.perPeriod
                    .computeIfAbsent(money.code(), code -> new LinkedHashMap<>())
                    .put(period, money.value());
            return this;
        }

        /**
         * Sets the most that may be spent with this journal in all.
         *
         * @param most for example {@code 10usd}
         * @return this
         */
        public Builder total(String most) {
            return put(limits.total, money(most));
        }

        /**
         * Sets the most that each origin may get in all, unless it has a limit of its own.
         *
         * @param most for example {@code 2usd}
         * @return this
         */
        public Builder perOrigin(String most) {
            return put(limits.anyOrigin, money(most));
        }

        /**
         * Sets the most that one origin may get in all.
         *
         * @param origin {@code https://host[:port]}
         * @param most for example {@code 2usd}
         * @return this
         */
        public Builder perOrigin(String origin, String most) {
            return put(
                    limits.perOrigin.computeIfAbsent(new Origin(origin).text(), key -> new LinkedHashMap<>()),
                    money(most));
        }

        /**
         * Sets the most that each recipient may get in all, unless it has a limit of its own.
         *
         * @param most for example {@code 2usd}
         * @return this
         */
        public Builder perRecipient(String most) {
            return put(limits.anyRecipient, money(most));
        }

        /**
         * Sets the most that one recipient may get in all, through whatever origins.
         *
         * @param recipient the payee as challenges name it
         * @param most for example {@code 2usd}
         * @return this
         */
        public Builder perRecipient(String recipient, String most) {
            return put(limits.perRecipient.computeIfAbsent(recipient, key -> new LinkedHashMap<>()), money(most));
        }

        /**
         * Asks before each payment above a threshold. Set one threshold per currency; the approval is the same for all.
         *
         * @param threshold for example {@code 0.10usd}; payments of exactly this much are not asked about
         * @param approval who is asked
         * @return this
         */
        public Builder approveAbove(String threshold, Approval approval) {
            this.approval = approval;
            return put(limits.approveAbove, money(threshold));
        }

        /**
         * Says whether a signed release statement of a payee that is its own ledger gives budget back. It does unless
         * switched off, at most once each budget in all; switched off, no payee's word ever does.
         *
         * @param giveBack false to trust no payee's release statement
         * @return this
         */
        public Builder releasesGiveBack(boolean giveBack) {
            releasesGiveBack = giveBack;
            return this;
        }

        /**
         * Finishes the policy.
         *
         * @return the policy
         * @throws IllegalStateException if it allows no origin, has no limit per request, or has a currency without a limit
         *     for a period or in all
         */
        public SpendingPolicy build() {
            if (!anyOrigin && origins.isEmpty()) {
                throw new IllegalStateException("say who may be paid: allowOrigin(…) or allowAnyOrigin()");
            }
            if (limits.perRequest.isEmpty()) {
                throw new IllegalStateException("say what one request may cost: perRequest(\"0.02usd\")");
            }
            for (String code : limits.perRequest.keySet()) {
                if (!limits.total.containsKey(code) && !limits.perPeriod.containsKey(code)) {
                    throw new IllegalStateException(
                            "a limit in all or per period is needed for " + code + ": total(…) or perPeriod(…)");
                }
            }
            return new SpendingPolicy(this);
        }

        private Builder put(Map<String, BigDecimal> into, Money money) {
            into.put(money.code(), money.value());
            return this;
        }

        private static Money money(String text) {
            try {
                return Money.parse(text);
            } catch (MalformedException e) {
                throw new IllegalArgumentException("a limit is written as in 0.02usd: " + e.getMessage(), e);
            }
        }
    }
}
