package org.farthing.server.app;

import static org.farthing.server.app.Demo.require;

import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Statement;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.Transfer;

/** The last step: what the ledger says happened, and that it adds up. */
final class DemoBooks {

    private static final int MOST_LINES = 100;

    private final Ledger ledger;
    private final DemoStory say;

    DemoBooks(Ledger ledger, DemoStory say) {
        this.ledger = ledger;
        this.say = say;
    }

    /** Shows the statement of a wallet and the sums of all accounts, and requires that they are right. */
    void balance(String wallet, Money filled, Money spent) {
        say.step("The books");
        say.line("The wallet's statement, in US dollars:");
        newestLast(ask(ledger.statement(wallet, null, MOST_LINES))).forEach(this::tell);
        Money left = filled.minus(spent);
        List<Account> accounts = ask(ledger.accounts(wallet));
        require(accounts.size() == 1, "The wallet should have one account.");
        Account account = accounts.get(0);
        Money available = money(account.available(), account.currency());
        require(account.held() == 0, "Something is still set aside in the wallet.");
        require(available.equals(left), "The wallet has " + available + " and should have " + left + ".");
        say.row("left", number(account.available(), account.currency()) + "  " + filled + " less " + spent);
        say.line("");
        for (Totals totals : ask(ledger.totals())) {
            tell(totals);
        }
        CheckReport report = ask(ledger.check());
        require(report.sound(), "The ledger's own check found " + report.findings());
        say.line("");
        say.line("Every row was read again and is as it was written: " + report.transfers() + " transfers, "
                + report.charges() + " charges.");
    }

    private static List<Transfer> newestLast(Statement statement) {
        return statement.transfers().stream()
                .sorted((one, other) -> Long.compare(one.sequence(), other.sequence()))
                .toList();
    }

    private void tell(Transfer transfer) {
        String money = number(transfer.amount(), transfer.currency());
        switch (transfer.kind()) {
            case TOP_UP -> say.row("filled", money + "  by the operator");
            case HOLD -> say.row("set aside", money + "  before the document was served");
            case CAPTURE -> say.row("taken", money + "  when it was served");
            case RELEASE, REFUND, WRITE_OFF -> say.row("given back", money);
        }
    }

    private void tell(Totals totals) {
        say.line("All accounts together, in US dollars; what came in from outside counts as negative:");
        say.row("came in", number(totals.treasury(), totals.currency()));
        say.row("in wallets", number(totals.available(), totals.currency()));
        say.row("set aside", number(totals.held(), totals.currency()));
        say.row("earned", number(totals.payees(), totals.currency()));
        if (totals.tokens() != 0) {
            say.row("in tokens", number(totals.tokens(), totals.currency()) + "  that are out");
        }
        if (totals.receivable() != 0) {
            say.row("owed", number(-totals.receivable(), totals.currency()) + "  by the wallet service");
        }
        say.row("sum", number(totals.sum(), totals.currency()));
        require(totals.sum() == 0, "The accounts do not add up to zero: " + totals.sum() + " " + totals.currency());
    }

    private static Money money(long baseUnits, String currency) {
        CurrencyId id = new CurrencyId(currency);
        return new Money(BigDecimal.valueOf(baseUnits, id.exponent()), id.code());
    }

    /** Every decimal the account has, so that columns line up; a sign where it is negative. */
    private static String number(long baseUnits, String currency) {
        CurrencyId id = new CurrencyId(currency);
        return String.format(
                "%12s", BigDecimal.valueOf(baseUnits, id.exponent()).toPlainString());
    }

    private static <T> T ask(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
