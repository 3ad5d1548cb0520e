package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.farthing.client.PaidResponse;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.MintRefusedException;
import org.farthing.client.token.Purchase;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Money;
import org.farthing.protocol.token.IssuerDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing tokens buy ORIGIN [MONEY]}. */
@Command(
        name = "buy",
        sortOptions = false,
        header = "Buy tokens for a server, from your wallet at its mint.",
        description = {
            "",
            "The mint sells a few round sums, each in tokens of several values. MONEY names one of them, and is all that is"
                    + " paid; without it you are told what there is, and pay nothing. The wallet at the mint is debited, so"
                    + " the mint knows that you bought tokens. It signs them blindly and cannot know them again.",
            "",
            "A purchase that was interrupted is finished by the same command, and not paid twice.",
            ""
        },
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.TEXT_0,
            ExitCode.TEXT_1,
            ExitCode.TEXT_2,
            ExitCode.TEXT_3,
            ExitCode.TEXT_4,
            "5:an order was sent and no answer came: give the same command again"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing tokens buy https://api.example.com             what is there to buy?",
            "  farthing tokens buy https://api.example.com 0.05usd",
            "  farthing tokens buy https://api.example.com 0.05usd --issuer https://mint.example"
        })
final class TokensBuyCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private TokenScopeOptions options = new TokenScopeOptions();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MONEY",
            converter = MoneyConverter.class,
            description = "For how much, such as 0.05usd: a sum that the mint sells.")
    private @Nullable Money money;

    @Option(
            names = "--budget",
            paramLabel = "MONEY[/PERIOD]",
            converter = Budget.Converter.class,
            description = "The most that may be spent with this home folder, in all (1usd) or per hour, day or week.")
    private @Nullable Budget budget;

    TokensBuyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        TokenScope scope = options.scope();
        if (budget != null && money != null && !budget.most().code().equals(money.code())) {
            throw CommandException.usage("MONEY and --budget must be in one currency");
        }
        try (Payments payments = money == null ? Payments.toLook(shell) : Payments.open(shell)) {
            BlindTokens tokens = OwnTokens.open(shell, payments, policy(scope), options.isLoopback());
            IssuerDirectory directory = directory(tokens, scope);
            if (money == null) {
                new TokenLines(shell).onSale(directory);
                shell.say("Nothing was bought. To buy, name a sum:  farthing tokens buy " + scope.payee() + " MONEY");
                return ExitCode.DECLINED;
            }
            Amount amount = bundle(directory, money);
            return tokens.open().contains(scope) ? finish(tokens, scope) : buy(tokens, scope, amount);
        }
    }

    private int buy(BlindTokens tokens, TokenScope scope, Amount amount) throws IOException, InterruptedException {
        try {
            return told(OwnTokens.await(tokens.buy(scope, amount)), scope);
        } catch (IOException e) {
            if (!tokens.open().contains(scope)) {
                throw e;
            }
            shell.say("farthing: " + Sentence.of(e));
            return unknown();
        }
    }

    private int unknown() {
        shell.say("It is not known whether the tokens were paid for. The money counts as spent. To finish it, at no"
                + " further cost: the same command again");
        return ExitCode.UNKNOWN;
    }

    private IssuerDirectory directory(BlindTokens tokens, TokenScope scope)
            throws IOException, InterruptedException, CommandException {
        try {
            return OwnTokens.await(tokens.directory(scope.issuer()));
        } catch (MintRefusedException e) {
            if (e.status() == 404 && scope.issuer().equals(scope.payee())) {
                throw CommandException.error(scope.issuer() + " has no mint. If it takes the tokens of another one:"
                        + " --issuer ORIGIN; farthing get --dry-run shows whose");
            }
            throw e;
        }
    }

    private SpendingPolicy policy(TokenScope scope) {
        if (money == null) {
            return LimitOptions.nobody();
        }
        SpendingPolicy.Builder policy =
                SpendingPolicy.builder().allowOrigin(scope.issuer().text()).perRequest(money.format());
        return LimitOptions.within(policy, money.code(), budget).build();
    }

    private static Amount bundle(IssuerDirectory directory, Money money) throws CommandException {
        return directory.bundles().stream()
                .filter(bundle -> sameMoney(Money.of(bundle.amount(), directory.currency()), money))
                .findFirst()
                .orElseThrow(() -> CommandException.usage(directory.issuer() + " sells "
                        + directory.bundles().stream()
                                .map(bundle -> Money.of(bundle.amount(), directory.currency())
                                        .format())
                                .collect(Collectors.joining(", "))
                        + " at once, not " + money.format()))
                .amount();
    }

    private static boolean sameMoney(Money one, Money other) {
        return one.code().equals(other.code()) && one.compareTo(other) == 0;
    }

    /** An earlier purchase or swap comes first: whoever repeats a command that did not end wants that, and not to pay twice. */
    private int finish(BlindTokens tokens, TokenScope scope) throws IOException, InterruptedException {
        int left = OwnTokens.await(tokens.recover(scope));
        if (left > 0) {
            shell.say(
                    "An earlier purchase is still open: the mint does not say yet what became of it. Nothing new was bought.");
            return ExitCode.UNKNOWN;
        }
        new TokenLines(shell)
                .whole(
                        scope,
                        tokens.list().stream()
                                .filter(token -> token.scope().equals(scope))
                                .toList());
        shell.say("An earlier purchase was finished first, and nothing new was bought. To buy more, say it again.");
        return ExitCode.SERVED;
    }

    private int told(Purchase purchase, TokenScope scope) throws IOException {
        if (purchase instanceof Purchase.Bought bought) {
            shell.print("bought     " + TokenLines.sum(bought.tokens()) + ", for " + scope.payee());
            shell.say("They pay for you with:  farthing get --tokens --max MONEY URL");
            return ExitCode.SERVED;
        }
        if (purchase instanceof Purchase.Open) {
            return unknown();
        }
        PaymentOutcome payment = ((Purchase.NotBought) purchase).payment();
        if (payment instanceof PaymentOutcome.Free) {
            shell.say("The mint did not sell them, and nothing was paid.");
            return ExitCode.HTTP_ERROR;
        }
        return new Ending(shell, null).tell(new PaidResponse<>(payment, null, false));
    }
}
