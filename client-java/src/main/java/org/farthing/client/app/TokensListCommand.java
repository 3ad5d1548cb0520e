package org.farthing.client.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code farthing tokens list [ORIGIN]}. */
@Command(
        name = "list",
        header = "Show the tokens you have, and what can be done with them.",
        description = {
            "",
            "For each server, how much is ready to be spent and until when; what is in a payment that is still open; and"
                    + " what was exposed: shown to a server that then did not take it. Nobody is asked. The tokens"
                    + " themselves are not shown.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  farthing tokens list", "  farthing tokens list https://api.example.com"})
final class TokensListCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(
            paramLabel = "ORIGIN",
            arity = "0..1",
            converter = OriginConverter.class,
            description = "Only the tokens for this server.")
    private @Nullable Origin payee;

    TokensListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            if (!OwnTokens.areThere(payments)) {
                shell.say("no tokens yet; buy some with: farthing tokens buy ORIGIN");
                return ExitCode.SERVED;
            }
            BlindTokens tokens = OwnTokens.open(shell, payments, LimitOptions.nobody(), true);
            Map<TokenScope, List<HeldToken>> scopes = new LinkedHashMap<>();
            for (HeldToken token : tokens.list()) {
                if (token.isWorth(shell.clock().instant()) && isWanted(token.scope())) {
                    scopes.computeIfAbsent(token.scope(), scope -> new ArrayList<>())
                            .add(token);
                }
            }
            scopes.forEach(new TokenLines(shell)::whole);
            if (scopes.isEmpty()) {
                shell.say("no tokens" + (payee == null ? "" : " for " + payee) + "; buy some with: farthing tokens buy "
                        + (payee == null ? "ORIGIN" : payee));
            }
            for (TokenScope open : tokens.open()) {
                if (isWanted(open)) {
                    shell.say("a purchase or swap of " + open + " was interrupted; finish it: farthing tokens swap "
                            + Shown.argument(open.payee()));
                }
            }
            return ExitCode.SERVED;
        }
    }

    private boolean isWanted(TokenScope scope) {
        return payee == null || payee.equals(scope.payee());
    }
}
