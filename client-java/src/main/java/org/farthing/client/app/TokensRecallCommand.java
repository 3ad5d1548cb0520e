package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.BlindTokens.Swapped;
import org.farthing.client.token.TokenScope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farthing tokens recall ORIGIN}. */
@Command(
        name = "recall",
        sortOptions = false,
        header = "Get new tokens for those of a key that its mint closed.",
        description = {
            "",
            "A mint closes a key that was stolen: its tokens are taken nowhere any more, because anybody may have made them."
                    + " Yours you can prove, by showing the mint how they were made. It costs nothing and needs no wallet.",
            "",
            "The mint then knows which purchase each of these tokens came from, and so whose they were, but nothing of those"
                    + " that you get. If a server has seen some and not taken them, the mint can tell that it was you.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing tokens recall https://api.example.com",
            "  farthing tokens recall --issuer https://mint.example https://api.example.com"
        })
final class TokensRecallCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private TokenScopeOptions options = new TokenScopeOptions();

    TokensRecallCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            BlindTokens tokens = OwnTokens.open(shell, payments, LimitOptions.nobody(), options.isLoopback());
            TokenScope scope = options.scope(tokens);
            Swapped done = OwnTokens.await(tokens.recall(scope));
            if (!done.fresh().isEmpty()) {
                shell.print("new        " + TokenLines.sum(done.fresh()) + ", for " + scope.payee());
            }
            if (!done.spent().isEmpty()) {
                shell.print("not taken  " + TokenLines.count(done.spent().size()) + ": used before the key was closed");
            }
            if (done.fresh().isEmpty() && done.spent().isEmpty()) {
                shell.say("there is nothing to recall: the mint lists the keys of all tokens you have");
            }
            return ExitCode.SERVED;
        }
    }
}
