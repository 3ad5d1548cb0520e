package org.farthing.client.app;

import java.io.IOException;
import java.util.List;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which tokens a command means: those for one server, of one mint. */
final class TokenScopeOptions {

    @Parameters(
            index = "0",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description = "The server that takes the tokens.")
    private @Nullable Origin payee;

    @Option(
            names = "--issuer",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description =
                    "The mint, if it is not the server itself. farthing get --dry-run shows whose tokens a page takes.")
    private @Nullable Origin issuer;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    /** What was said; the mint is the server itself unless another is named. */
    TokenScope scope() throws CommandException {
        if (payee == null) {
            throw CommandException.usage("say which server takes the tokens");
        }
        Origin mint = issuer == null ? payee : issuer;
        loopback.require(payee);
        loopback.require(mint);
        return new TokenScope(mint, payee);
    }

    /** What was said, of what the purse has: the one mint whose tokens it has for the server, unless another is named. */
    TokenScope scope(BlindTokens tokens) throws IOException, CommandException {
        TokenScope said = scope();
        if (issuer != null) {
            return said;
        }
        List<TokenScope> known = java.util.stream.Stream.concat(
                        tokens.list().stream().map(HeldToken::scope), tokens.open().stream())
                .filter(scope -> said.payee() != null && said.payee().equals(scope.payee()))
                .distinct()
                .toList();
        if (known.size() > 1) {
            throw CommandException.usage("you have tokens of " + known.size() + " mints for " + said.payee()
                    + "; name one: --issuer ORIGIN");
        }
        TokenScope only = known.isEmpty() ? said : known.get(0);
        loopback.require(only.issuer());
        return only;
    }

    boolean isLoopback() {
        return loopback.isGiven();
    }
}
