package org.farthing.client.app;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Money;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.TokenSerial;
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
            "A purchase that was interrupted is finished by the same command, and not paid twice. To have tokens bought"
                    + " whenever few are left: farthing tokens topup.",
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
        TokenSale sale = new TokenSale(shell, scope);
        try (Payments payments = money == null ? Payments.toLook(shell) : Payments.open(shell)) {
            SpendingPolicy policy = money == null ? LimitOptions.nobody() : sale.policy(money, budget);
            BlindTokens tokens = OwnTokens.open(shell, payments, policy, options.isLoopback());
            IssuerDirectory directory = sale.directory(tokens);
            if (money == null) {
                new TokenLines(shell).onSale(directory);
                shell.say("Nothing was bought. To buy, name a sum:  farthing tokens buy "
                        + Shown.argument(scope.payee()) + " MONEY");
                return ExitCode.DECLINED;
            }
            Amount amount = TokenSale.bundle(directory, money);
            if (tokens.isBuying(scope)) {
                Optional<Integer> finished = finish(tokens, scope);
                if (finished.isPresent()) {
                    return finished.get();
                }
            }
            return sale.await(tokens, tokens.buy(scope, amount).thenApply(Optional::of));
        }
    }

    /** An earlier purchase comes first: whoever repeats a command that did not end wants that, and not to pay twice. */
    private Optional<Integer> finish(BlindTokens tokens, TokenScope scope) throws IOException, InterruptedException {
        Set<TokenSerial> before = serials(tokens, scope);
        int unused = OwnTokens.await(tokens.recover(scope));
        if (tokens.isBuying(scope)) {
            shell.say(
                    "An earlier purchase is still open: the mint does not say yet what became of it. Nothing new was bought.");
            return Optional.of(ExitCode.UNKNOWN);
        }
        if (before.containsAll(serials(tokens, scope))) {
            shell.say(
                    "An earlier purchase came to nothing: the mint signed nothing for it. If farthing journal list says"
                            + " that it was paid, ask the mint.");
            return Optional.empty();
        }
        new TokenLines(shell).whole(scope, held(tokens, scope));
        shell.say("An earlier purchase was finished first, and nothing new was bought. To buy more, say it again.");
        return Optional.of(ExitCode.SERVED);
    }

    private static List<HeldToken> held(BlindTokens tokens, TokenScope scope) throws IOException {
        return tokens.list().stream()
                .filter(token -> token.scope().equals(scope))
                .toList();
    }

    private static Set<TokenSerial> serials(BlindTokens tokens, TokenScope scope) throws IOException {
        return held(tokens, scope).stream().map(HeldToken::serial).collect(Collectors.toSet());
    }
}
