package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.server.gate.Admission;
import org.farthing.server.gate.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * The usual limits of requests at a paywall: by client and by wallet, each so many in a minute, refilled evenly (specification:
 * server.md, F-SV-62 to F-SV-67).
 *
 * <p>Limited are demands (each is signed), credentials that came to nothing (each cost a verification), and payments of one
 * wallet, resends included. Credentials that hold cost a client's network nothing: payers behind one address do not stand in
 * each other's way, and a network that sends bad proofs is made to wait for all of them.
 *
 * <p>Memory is bounded: beyond so many clients and wallets the ones unused longest are forgotten, which errs in their favour.
 * Thread-safe; each process counts for itself.
 */
public final class PaymentLimits implements Admission {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final @Nullable RateBudget challenges;
    private final @Nullable RateBudget failures;
    private final @Nullable RateBudget payments;

    /** Of payers that are another one for each payment: they are many, and must not push wallets out of what is remembered. */
    private final @Nullable RateBudget passing;

    private PaymentLimits(Builder builder) {
        this.challenges = builder.budget(builder.challengesPerMinute);
        this.failures = builder.budget(builder.failuresPerMinute);
        this.payments = builder.budget(builder.paymentsPerMinute);
        this.passing = builder.budget(builder.paymentsPerMinute);
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Duration admit(Step step, Inquiry inquiry, @Nullable String payer) {
        return switch (step) {
            case CHALLENGE -> take(challenges, inquiry.client());
            case PROOF -> look(failures, inquiry.client());
            case FAILED -> take(failures, inquiry.client());
            case PAYMENT -> take(isWallet(payer) ? payments : passing, payer);
        };
    }

    private static boolean isWallet(@Nullable String payer) {
        return payer != null && WalletId.isWalletId(payer);
    }

    private static Duration take(@Nullable RateBudget budget, @Nullable String key) {
        return budget == null || key == null ? Duration.ZERO : budget.take(key);
    }

    private static Duration look(@Nullable RateBudget budget, @Nullable String key) {
        return budget == null || key == null ? Duration.ZERO : budget.look(key);
    }

    /** Collects limits. For one thread. */
    public static final class Builder {

        private int challengesPerMinute = 6_000;
        private int failuresPerMinute = 60;
        private int paymentsPerMinute = 12_000;
        private int remembered = 10_000;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /**
         * Sets how many challenges one client may ask for.
         *
         * @param perMinute so many a minute, 6,000 if nothing is said; 0 for no limit
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder challenges(int perMinute) {
            challengesPerMinute = checked(perMinute);
            return this;
        }

        /**
         * Sets how many credentials of one client may come to nothing before it has to wait.
         *
         * @param perMinute so many a minute, 60 if nothing is said; 0 for no limit
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder failures(int perMinute) {
            failuresPerMinute = checked(perMinute);
            return this;
        }

        /**
         * Sets how many payments one wallet may send, wherever it sends them from. Payments sent again count too.
         *
         * @param perMinute so many a minute, 12,000 if nothing is said; 0 for no limit
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder payments(int perMinute) {
            paymentsPerMinute = checked(perMinute);
            return this;
        }

        /**
         * Sets how many clients and wallets are remembered, of each kind.
         *
         * @param number at least 1; 10,000 if nothing is said
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder remembered(int number) {
            if (number < 1) {
                throw new IllegalArgumentException("limits remember at least one client, not " + number);
            }
            remembered = number;
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param source the clock
         * @return this
         */
        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        /**
         * Builds the limits.
         *
         * @return the limits, all budgets whole
         */
        public PaymentLimits build() {
            return new PaymentLimits(this);
        }

        private @Nullable RateBudget budget(int perMinute) {
            return perMinute == 0 ? null : new RateBudget(perMinute, MINUTE, remembered, clock);
        }

        private static int checked(int perMinute) {
            if (perMinute < 0) {
                throw new IllegalArgumentException("a limit is so many a minute, or 0 for none, not " + perMinute);
            }
            return perMinute;
        }
    }
}
