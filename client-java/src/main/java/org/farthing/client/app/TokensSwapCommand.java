package org.farthing.client.app;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.BlindTokens.Swapped;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.TokenScope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farthing tokens swap ORIGIN}. */
@Command(
        name = "swap",
        sortOptions = false,
        header = "Give tokens that should not be spent any more for new ones.",
        description = {
            "",
            "These are tokens that a server has seen and did not take, and tokens that are not taken for much longer: a mint"
                    + " uses each of its keys for 60 days, and changes tokens of it until day 90. It costs nothing, needs no"
                    + " wallet, and nobody can tell the new tokens from those of others. Change for a payment needs no"
                    + " command: farthing get sees to it.",
            "",
            "A purchase or swap that was interrupted is finished first.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing tokens swap https://api.example.com",
            "  farthing tokens swap --issuer https://mint.example https://api.example.com"
        })
final class TokensSwapCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private TokenScopeOptions options = new TokenScopeOptions();

    TokensSwapCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            BlindTokens tokens = OwnTokens.open(shell, payments, LimitOptions.nobody(), options.isLoopback());
            TokenScope scope = options.scope(tokens);
            if (tokens.open().contains(scope)) {
                int left = OwnTokens.await(tokens.recover(scope));
                shell.say(
                        left == 0 ? "what was interrupted is finished" : left + " interrupted before, and still open");
            }
            swap(shell, tokens, scope);
            return ExitCode.SERVED;
        }
    }

    /** Swaps what should be, and tells what came of it. */
    static void swap(Shell shell, BlindTokens tokens, TokenScope scope) throws IOException, InterruptedException {
        Swapped done = OwnTokens.await(tokens.swap(scope));
        if (!done.fresh().isEmpty()) {
            shell.print("new        " + TokenLines.sum(done.fresh()) + ", for " + scope.payee());
        }
        if (!done.spent().isEmpty()) {
            shell.print("not taken  " + TokenLines.count(done.spent().size())
                    + ": used before, or still in a payment that was just given back");
            shell.say("Swap again in a day or later: what is said to be used then is given up.");
        }
        List<HeldToken> unlisted = OwnTokens.await(tokens.unlisted(scope));
        if (!unlisted.isEmpty()) {
            shell.say(TokenLines.sum(unlisted) + " are of keys that the mint does not list any more. If it closed them:"
                    + " farthing tokens recall " + Shown.argument(scope.payee()));
        }
        List<HeldToken> waiting = tokens.list().stream()
                .filter(token -> token.scope().equals(scope)
                        && token.state() == HeldToken.State.EXPOSED
                        && !done.spent().contains(token.serial())
                        && !unlisted.contains(token))
                .toList();
        if (!waiting.isEmpty()) {
            shell.say(TokenLines.sum(waiting)
                    + " must wait: a server keeps tokens it was shown until ten minutes after the"
                    + " price ran out. Try again in a quarter of an hour.");
        } else if (done.fresh().isEmpty() && done.spent().isEmpty() && unlisted.isEmpty()) {
            shell.say("there is nothing to swap");
        }
    }
}
