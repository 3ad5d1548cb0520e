package org.farthing.server.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.server.jetty.RemoteTokens;
import org.farthing.server.token.AcceptedTokens;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether blind tokens are sold and taken: options of a command that sells. */
final class TokenOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--mint",
            paramLabel = "DIR",
            description =
                    "Also sell blind tokens to wallets here, and take them: whoever pays with them is not known. The"
                            + " keys of the mint are in DIR, made there at the first start.")
    private @Nullable Path mint;

    @Option(
            names = "--smallest-token",
            paramLabel = "MONEY",
            description =
                    "With --mint: what the smallest token is worth; there are nine values, each twice the one before."
                            + " Every price is made of at most --max-tokens of them (default: 0.0001, or 1 unit).")
    private @Nullable String smallest;

    @Option(
            names = "--bundle",
            paramLabel = "MONEY",
            description = "With --mint: for how much tokens are sold at once. Few and round sums hide a buyer among"
                    + " others. Repeat it (default: 100, 500 and 2000 times the smallest token).")
    private List<String> bundles = new ArrayList<>();

    @Option(
            names = "--token-payee",
            paramLabel = "ORIGIN",
            description =
                    "With --mint: another server, with books of its own, that takes these tokens too and is credited"
                            + " here when it presents them. Repeat it.")
    private List<String> payees = new ArrayList<>();

    @Option(
            names = "--token-issuer",
            paramLabel = "ORIGIN",
            description =
                    "Take the blind tokens of this mint, such as https://mint.example, and present them there while"
                            + " this runs. Register there first. How much it may owe: --exposure.")
    private @Nullable String issuer;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "" + AcceptedTokens.DEFAULT_TOKENS,
            description = "How many tokens one payment has at most, 1 to 16 (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--present-every",
            paramLabel = "DURATION",
            description = "With --token-issuer: how long tokens rest before they are presented there, such as PT1H"
                    + " (default: PT10M).")
    private @Nullable Duration presentEvery;

    /** What was said, for prices in a currency; nothing if no tokens are taken. */
    Optional<TokenTrade> said(String code) {
        if (mint != null && issuer != null) {
            throw wrong("--mint and --token-issuer are two ways: tokens of a mint of your own, or of another's.");
        }
        if (mint == null && (smallest != null || !bundles.isEmpty() || !payees.isEmpty())) {
            throw wrong("--smallest-token, --bundle and --token-payee are about a mint; without --mint there is none.");
        }
        if (issuer == null && presentEvery != null) {
            throw wrong("--present-every is about the tokens of --token-issuer.");
        }
        if (maxTokens < 1 || maxTokens > TokenOffer.MOST_TOKENS) {
            throw wrong("--max-tokens is 1 to " + TokenOffer.MOST_TOKENS + ".");
        }
        if (mint != null) {
            Money least = smallest == null ? TokenValues.usualSmallest(code) : Shown.money(smallest);
            if (!least.code().equals(code)) {
                throw wrong("--smallest-token is in the currency of --price, which is " + code + ".");
            }
            List<Money> sold = bundles.stream().map(Shown::money).toList();
            List<Origin> others = payees.stream()
                    .map(typed -> TypedOrigin.of("--token-payee", typed))
                    .toList();
            return Optional.of(new TokenTrade.OwnMint(mint, TokenValues.of(least, sold), others, maxTokens));
        }
        Duration rest = presentEvery == null ? RemoteTokens.DEFAULT_UPLOAD_EVERY : presentEvery;
        return Optional.ofNullable(issuer)
                .map(typed -> new TokenTrade.OfAnother(TypedOrigin.of("--token-issuer", typed), rest, maxTokens));
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
