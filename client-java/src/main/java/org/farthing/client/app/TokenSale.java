package org.farthing.client.app;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

/** What the commands that buy tokens have in common. */
final class TokenSale {

    private final Shell shell;
    private final TokenScope scope;

    TokenSale(Shell shell, TokenScope scope) {
        this.shell = shell;
        this.scope = scope;
    }

    /** The mint may take just this sum at once, within the budget. */
    SpendingPolicy policy(Money sum, @Nullable Budget budget) {
        SpendingPolicy.Builder policy =
                SpendingPolicy.builder().allowOrigin(scope.issuer().text()).perRequest(sum.format());
        return LimitOptions.within(policy, sum.code(), budget).build();
    }

    IssuerDirectory directory(BlindTokens tokens) throws IOException, InterruptedException, CommandException {
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

    static Amount bundle(IssuerDirectory directory, Money money) throws CommandException {
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

    /** Waits for a purchase, and says what came of it. What fails while the purchase is still open is not known. */
    int await(BlindTokens tokens, CompletableFuture<Optional<Purchase>> purchase)
            throws IOException, InterruptedException, CommandException {
        try {
            Optional<Purchase> made = OwnTokens.await(purchase);
            if (made.isEmpty()) {
                shell.say("nothing was bought: tokens came in the meantime, or another purchase is open");
                return tokens.isBuying(scope) ? ExitCode.UNKNOWN : ExitCode.SERVED;
            }
            return told(made.get());
        } catch (IOException e) {
            if (e instanceof MintRefusedException refused && refused.isSignedBefore()) {
                throw CommandException.error(
                        "the mint signed tokens for this purse that are not in it. Nothing was paid."
                                + " Get them first: farthing tokens restore " + Shown.argument(scope.payee()));
            }
            if (!tokens.isBuying(scope)) {
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

    private int told(Purchase purchase) throws IOException {
        if (purchase instanceof Purchase.Bought bought) {
            shell.print("bought     " + TokenLines.sum(bought.tokens()) + ", for " + scope.payee());
            String loopback = scope.issuer().isHttps() ? "" : "--loopback ";
            shell.say("They pay for you with:  farthing get " + loopback + "--tokens --max MONEY URL");
            return ExitCode.SERVED;
        }
        if (purchase instanceof Purchase.Open) {
            return unknown();
        }
        Purchase.NotBought not = (Purchase.NotBought) purchase;
        if (not.problem() != null) {
            shell.say("The mint says: " + Printable.line(not.problem().detail()));
        }
        PaymentOutcome payment = not.payment();
        if (payment instanceof PaymentOutcome.Free) {
            shell.say("The mint did not sell them, and nothing was paid.");
            return ExitCode.HTTP_ERROR;
        }
        return new Ending(shell, null).tell(new PaidResponse<>(payment, null, false));
    }
}
