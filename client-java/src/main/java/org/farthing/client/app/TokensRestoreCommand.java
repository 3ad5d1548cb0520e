package org.farthing.client.app;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.TokenScope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farthing tokens restore ORIGIN}. */
@Command(
        name = "restore",
        sortOptions = false,
        header = "Get back tokens whose file was lost, from a copy of purse.json.",
        description = {
            "",
            "Every token follows from the secret in purse.json, so the mint can be asked for all it ever signed for you and"
                    + " one server, as long as its keys count. It costs nothing and needs no wallet; where the mint wants"
                    + " fewer questions at a time, it waits. Which of them you spent, nobody remembers: they are swapped at"
                    + " once, and what was spent shows then.",
            "",
            "So the mint can guess what you had paid with them, which it could not before. Do it after a loss, and not to"
                    + " be on the safe side.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing tokens restore https://api.example.com",
            "  farthing tokens restore --issuer https://mint.example https://api.example.com"
        })
final class TokensRestoreCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private TokenScopeOptions options = new TokenScopeOptions();

    TokensRestoreCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        TokenScope scope = options.scope();
        try (Payments payments = Payments.open(shell)) {
            BlindTokens tokens = OwnTokens.open(shell, payments, LimitOptions.nobody(), options.isLoopback());
            List<HeldToken> found = OwnTokens.await(tokens.restore(scope));
            if (found.isEmpty()) {
                shell.say("The mint signed nothing for this purse that is not in it already.");
                return ExitCode.SERVED;
            }
            shell.print("found      " + TokenLines.sum(found) + ", spent ones among them");
            TokensSwapCommand.swap(shell, tokens, scope);
            return ExitCode.SERVED;
        }
    }
}
