package org.farthing.client.app;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.TokenScope;
import org.farthing.client.token.TopUpRule;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Money;
import org.farthing.protocol.token.IssuerDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing tokens topup ORIGIN MONEY --below MONEY --budget MONEY/PERIOD}. */
@Command(
        name = "topup",
        sortOptions = false,
        header = "Buy tokens for a server if few are left; for a timer.",
        description = {
            "",
            "Made to be started now and then by cron or the like, and not when you want to pay: a purchase just before a"
                    + " payment, or for its price, would point at it. If less than --below is left, it waits a random time"
                    + " of up to half an hour, looks again, and buys MONEY, a sum that the mint sells (farthing tokens buy"
                    + " ORIGIN shows which). If more is left, it asks nobody and ends.",
            "",
            "What several of these may spend together, --budget says. A purchase that was interrupted is finished first, and"
                    + " while its end is not known no other is made.",
            ""
        },
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:enough is left, or tokens were bought",
            ExitCode.TEXT_1,
            ExitCode.TEXT_2,
            "3:nothing was bought, because of the budget or the wallet",
            ExitCode.TEXT_4,
            "5:an order was sent and no answer came: the next run finishes it"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing tokens topup https://api.example.com 0.05usd --below 0.02usd --budget 1usd/week",
            "  17 * * * *  farthing tokens topup https://api.example.com 0.05usd --below 0.02usd \\",
            "              --budget 1usd/week                                    a line of a crontab"
        })
final class TokensTopUpCommand implements Callable<Integer> {

    private final Shell shell;
    private final SecureRandom random = new SecureRandom();

    @Mixin
    private TokenScopeOptions options = new TokenScopeOptions();

    @Parameters(
            index = "1",
            paramLabel = "MONEY",
            converter = MoneyConverter.class,
            description = "For how much, such as 0.05usd: a sum that the mint sells.")
    private @Nullable Money money;

    @Option(
            names = "--below",
            required = true,
            paramLabel = "MONEY",
            converter = MoneyConverter.class,
            description = "Buy only if less than this is left of the server's tokens.")
    private @Nullable Money below;

    @Option(
            names = "--budget",
            required = true,
            paramLabel = "MONEY[/PERIOD]",
            converter = Budget.Converter.class,
            description = "The most that may be spent with this home folder, in all (1usd) or per hour, day or week.")
    private @Nullable Budget budget;

    @Option(
            names = "--within",
            paramLabel = "MINUTES",
            description = "The longest time to wait before buying. Default: 30.")
    private int minutes = 30;

    TokensTopUpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        TokenScope scope = options.scope();
        Money sum = money;
        Money mark = below;
        Budget most = budget;
        if (sum == null || mark == null || most == null) {
            throw CommandException.usage("say what to buy, below what, and within which budget");
        }
        if (!sum.code().equals(mark.code()) || !sum.code().equals(most.most().code())) {
            throw CommandException.usage("MONEY, --below and --budget must be in one currency");
        }
        if (minutes < 1 || minutes > 1440) {
            throw CommandException.usage("--within is from 1 minute to a day, which is 1440");
        }
        TokenSale sale = new TokenSale(shell, scope);
        try (Payments payments = Payments.open(shell)) {
            BlindTokens tokens = OwnTokens.open(shell, payments, sale.policy(sum, most), options.isLoopback());
            if (!tokens.isBuying(scope) && isEnough(tokens, scope, mark)) {
                return ExitCode.SERVED;
            }
            rest();
            return buy(tokens, sale, sum, mark);
        }
    }

    private boolean isEnough(BlindTokens tokens, TokenScope scope, Money mark) throws IOException {
        Instant now = shell.clock().instant();
        Optional<Money> left = tokens.list().stream()
                .filter(token -> token.scope().equals(scope)
                        && token.state() == HeldToken.State.READY
                        && !now.isAfter(token.spendUntil()))
                .map(token -> Money.of(token.value(), token.currency()))
                .filter(value -> value.code().equals(mark.code()))
                .reduce(Money::plus);
        boolean enough = left.isPresent() && left.get().compareTo(mark) >= 0;
        if (enough) {
            shell.say("nothing to buy: " + left.get().format() + " is left");
        }
        return enough;
    }

    private void rest() throws IOException, InterruptedException {
        Duration pause =
                Duration.ofSeconds(random.nextLong(Duration.ofMinutes(minutes).toSeconds() + 1));
        if (shell.isWatched()) {
            shell.say("few are left; looking again in " + Shown.span(pause)
                    + ", so that the time of the purchase says nothing");
        }
        Void unused = OwnTokens.await(shell.timer().after(pause).toCompletableFuture());
    }

    private int buy(BlindTokens tokens, TokenSale sale, Money sum, Money mark)
            throws IOException, InterruptedException, CommandException {
        IssuerDirectory directory = sale.directory(tokens);
        Amount bundle = TokenSale.bundle(directory, sum);
        Amount low;
        try {
            low = mark.toAmount(directory.currency());
        } catch (ArithmeticException e) {
            throw CommandException.usage("--below is finer than the mint's smallest unit");
        }
        TopUpRule rule = new TopUpRule(options.scope(), low, bundle, Duration.ZERO, Duration.ofMinutes(minutes), true);
        return sale.await(tokens, tokens.topUp(rule));
    }
}
