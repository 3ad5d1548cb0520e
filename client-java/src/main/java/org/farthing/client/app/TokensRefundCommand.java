package org.farthing.client.app;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code farthing tokens refund ORIGIN REFERENCE MONEY}. */
@Command(
        name = "refund",
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
            "  farthing tokens refund https://api.example.com ch_GtlsJ1VquFmEq… 0.0025usd     as the server says",
            "  farthing tokens refund https://api.example.com JcXm0… 0.0025usd     as farthing journal list says"
        })
final class TokensRefundCommand implements Callable<Integer> {

    private static final String PREFIX = "ch_";

    private final Shell shell;

    @Mixin
    private TokenScopeOptions options = new TokenScopeOptions();

    @Parameters(
            index = "1",
            paramLabel = "REFERENCE",
            description = "The payment: its reference in the receipt, or its id as farthing journal list has it.")
    private String reference = "";

    @Parameters(
            index = "2",
            paramLabel = "MONEY",
            converter = MoneyConverter.class,
            description = "How much the server gave back, such as 0.0025usd.")
    private @Nullable Money money;

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
            if (tokens.open().contains(scope) && OwnTokens.await(tokens.recover(scope)) == 0) {
                shell.say("what was interrupted is finished; farthing tokens list shows what you have");
                return ExitCode.SERVED;
            }
            CurrencyId currency =
                    OwnTokens.await(tokens.directory(scope.issuer())).currency();
            List<HeldToken> fresh =
                    OwnTokens.await(tokens.refund(scope.payee(), challengeId(payments), amount(money, currency)));
            shell.print("new        " + TokenLines.sum(fresh) + ", for " + scope.payee());
            return ExitCode.SERVED;
        }
    }

    private String challengeId(Payments payments) throws IOException {
        Optional<JournalEntry> payment = payments.journal().entry(reference);
        if (payment.isPresent()) {
            return payment.get().challengeId();
        }
        return reference.startsWith(PREFIX) ? reference.substring(PREFIX.length()) : reference;
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
