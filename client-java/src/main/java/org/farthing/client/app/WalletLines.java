package org.farthing.client.app;

import org.farthing.client.wallet.Account;
import org.farthing.client.wallet.DailyLimit;
import org.farthing.client.wallet.Wallet;
import org.farthing.protocol.Money;

/** How a wallet is put for people. */
final class WalletLines {

    private final Shell shell;

    WalletLines(Shell shell) {
        this.shell = shell;
    }

    void whole(Wallet wallet) {
        shell.print("wallet     " + wallet.id());
        shell.print("status     " + Printable.line(wallet.status()));
        wallet.accounts().forEach(this::account);
        if (wallet.accounts().isEmpty()) {
            shell.print("available  nothing; it was never filled");
        }
        wallet.limits().forEach(this::limit);
        if (wallet.recovery() != null) {
            shell.print("recovery   with the recovery key " + Printable.line(wallet.recovery()));
        }
    }

    private void account(Account account) {
        String held = account.held().baseUnits() > 0
                ? ", and " + Money.of(account.held(), account.currency()).format() + " set aside"
                : "";
        shell.print("available  "
                + Money.of(account.available(), account.currency()).format() + held + "  ("
                + account.currency().text() + ")");
    }

    void limits(Wallet wallet) {
        wallet.limits().forEach(this::limit);
        if (wallet.limits().isEmpty()) {
            shell.print("per day    no limit");
        }
    }

    /** The limits of a wallet just opened, which are no result of the command. */
    void sayLimits(Wallet wallet) {
        wallet.limits()
                .forEach(limit -> shell.say(
                        "It may spend " + limit.perDay().format() + " a day. To change that: farthing wallet limit"));
        if (wallet.limits().isEmpty()) {
            shell.say("It has no limit per day.");
        }
    }

    private void limit(DailyLimit limit) {
        shell.print("per day    " + limit.perDay().format() + ", of which "
                + limit.spent().format() + " is spent; from anew at " + limit.resetsAt());
    }
}
