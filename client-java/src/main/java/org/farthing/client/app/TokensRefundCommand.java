package org.farthing.client.app;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.MintRefusedException;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code farthing tokens refund ORIGIN MONEY PAYMENT}. */
@Command(
        name = "refund",
        preprocessor = HyphenatedId.class,
        sortOptions = false,
        header = "Get new tokens for a payment that a server gave back.",
        description = {
            "",
            "A server that gives a payment with tokens back does not know whom to give it to. So its mint makes new tokens"
                    + " for whoever shows what paid, which is kept in your home folder for the newest hundred payments. The"
                    + " server tells you how much it gave back. It costs nothing and needs no wallet.",
            "",
            "If it is interrupted, the same command again finishes it.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing tokens refund https://api.example.com 0.0025usd psh77vktoVdgs_8xaeIbOQ",
            "  farthing tokens refund https://api.example.com 0.0025usd ch_GtlsJ1VquFmEqY7fMLJC8eLI..."
        })
final class TokensRefundCommand implements Callable<Integer> {

    private static final String PREFIX = "ch_";
    private static final int NOTHING_DUE = 404;

    private final Shell shell;

    @Mixin
    private TokenScopeOptions options = new TokenScopeOptions();

    @Parameters(
            index = "1",
            paramLabel = "MONEY",
            converter = MoneyConverter.class,
            description = "How much the server gave back, such as 0.0025usd.")
    private @Nullable Money money;

    @Parameters(
            index = "2",
            paramLabel = "PAYMENT",
            description = "The payment: its id as farthing journal list has it, or the reference in its receipt.")
    private String payment = "";

    TokensRefundCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            BlindTokens tokens = OwnTokens.open(shell, payments, LimitOptions.nobody(), options.isLoopback());
            TokenScope scope = options.scope(tokens);
            if (scope.payee() == null || money == null) {
                throw CommandException.usage("say which server gave back, and how much");
            }
            boolean interrupted = tokens.open().contains(scope);
            int left = interrupted ? OwnTokens.await(tokens.recover(scope)) : 0;
            if (left > 0) {
                shell.say(left + " interrupted before, and still open; try again later");
                return ExitCode.UNKNOWN;
            }
            CurrencyId currency =
                    OwnTokens.await(tokens.directory(scope.issuer())).currency();
            return refund(tokens, scope.payee(), amount(money, currency), challengeId(payments), interrupted);
        }
    }

    private int refund(BlindTokens tokens, Origin payee, Amount amount, String challengeId, boolean interrupted)
            throws IOException, InterruptedException {
        try {
            List<HeldToken> fresh = OwnTokens.await(tokens.refund(payee, challengeId, amount));
            shell.print("new        " + TokenLines.sum(fresh) + ", for " + payee);
        } catch (MintRefusedException e) {
            if (!interrupted || e.status() != NOTHING_DUE) {
                throw e;
            }
            shell.say(
                    "what was interrupted is finished, and nothing else is due; farthing tokens list shows what you have");
        }
        return ExitCode.SERVED;
    }

    /** The payee's name of the payment, which the journal has beside its own. */
    private String challengeId(Payments payments) throws IOException {
        Optional<JournalEntry> listed = payments.journal().entry(payment);
        if (listed.isPresent()) {
            return listed.get().challengeId();
        }
        return payment.startsWith(PREFIX) ? payment.substring(PREFIX.length()) : payment;
    }

    private static Amount amount(Money money, CurrencyId currency) throws CommandException {
        try {
            if (money.code().equals(currency.code())) {
                return money.toAmount(currency);
            }
        } catch (ArithmeticException e) {
            throw CommandException.usage(
                    money.format() + " is finer than the mint's tokens, which count in " + currency);
        }
        throw CommandException.usage("the mint's tokens are worth " + currency.code() + ", not " + money.code());
    }
}
