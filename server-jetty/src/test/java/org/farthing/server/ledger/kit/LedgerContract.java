package org.farthing.server.ledger.kit;

import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link Ledger} must do: all contracts of this package in one class. A store's own test extends it and says how to
 * open the store; each contract can also be extended alone.
 */
public abstract class LedgerContract {

    /** For the store's own test. */
    protected LedgerContract() {}

    /**
     * Opens the store under test, with the books it has. A test's first call finds no books; a later one finds those of the
     * same test, after the ledger before was closed.
     *
     * @param options how
     * @return the open ledger
     */
    protected abstract Ledger open(LedgerOptions options);

    @Nested
    final class Claims extends ClaimContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class IdempotencyKeys extends IdempotencyKeyContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Settlements extends SettlementContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Upfront extends UpfrontContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class TakeOvers extends TakeOverContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class StoredAnswers extends StoredAnswerContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Refunds extends RefundContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Wallets extends WalletContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class DailyLimits extends DailyLimitContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Statements extends StatementContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Reports extends BooksContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class RequestIds extends RequestIdContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Retention extends RetentionContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class BackedCharges extends BackedChargeContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Outbox extends OutboxContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class ServiceHolds extends ServiceHoldContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class ServiceSettlements extends ServiceSettlementContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class Payees extends PayeeContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class ServicePayments extends ServicePaymentContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class TokenCharges extends TokenChargeContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class TokensInBooks extends TokenBooksContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }

    @Nested
    final class TokenUploading extends TokenUploadContract {
        @Override
        protected Ledger open(LedgerOptions options) {
            return LedgerContract.this.open(options);
        }
    }
}
