package org.farthing.server.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.farthing.protocol.Money;
import org.farthing.server.gate.Refunds;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.RefundResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farthing-server refund}: gives a payment back, to the wallet that made it or as new tokens. */
@Command(
        name = "refund",
        mixinStandardHelpOptions = true,
        preprocessor = HyphenatedId.OfACharge.class,
        description =
                "Gives a payment back, in full or in part: to the wallet that made it, or as new tokens if it was made"
                        + " with tokens.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server refund --store shop.db ch_GtlsJ1VquFmEqY7fMLJC8eLI13DKDbz3Ad5egqR8_fg",
            "  farthing-server refund --store shop.db ch_Gtls... 0.001usd --reason \"half of it was missing\"",
            "%nThe reference stands in the receipt. Stop the server first: one process at a time uses a store. Where the",
            "payer's wallet is at a wallet service, the server tells the service when it runs again. Who paid with tokens",
            "is not known: tell the payer, whose program gets new ones from the mint for what paid. Tokens of a mint with",
            "books of its own cannot be given back."
        })
final class RefundCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--store",
            paramLabel = "FILE_OR_URL",
            required = true,
            description = StoreAddress.WHAT + " A file must not be in use.")
    private StoreAddress store = StoreAddress.of(Path.of("shop.db"));

    @Parameters(index = "0", paramLabel = "REFERENCE", description = "The receipt's reference, or the challenge id.")
    private String reference = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "MONEY", description = "How much; all of it if not said.")
    private @Nullable String money;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "refund",
            description = "Why, for the books and the payer (default: ${DEFAULT-VALUE}).")
    private String reason = "refund";

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "This refund's identity: repeated, it moves money once. Default: a new random one.")
    private @Nullable String key;

    @Override
    public Integer call() {
        String identity = key == null ? UUID.randomUUID().toString() : key;
        Money part = money == null ? null : Shown.money(money);
        RefundResult result = new Store(store, "Stop the server first.").ask(ledger -> {
            Refunds refunds = new Refunds(ledger, () -> {});
            return part == null
                    ? refunds.all(reference, identity, reason)
                    : refunds.part(reference, part, identity, reason);
        });
        PrintWriter out = spec.commandLine().getOut();
        out.println(sentence(result));
        return 0;
    }

    private String sentence(RefundResult result) {
        if (result instanceof RefundResult.Refunded refunded) {
            return "Refunded. " + state(refunded.charge()) + collected(refunded.charge());
        }
        if (result instanceof RefundResult.Repeated repeated) {
            return "This refund was made before; nothing moved now. " + state(repeated.charge())
                    + collected(repeated.charge());
        }
        if (result instanceof RefundResult.KeyConflict) {
            throw new CommandFailedException("The idempotency key was used for another amount; nothing moved.");
        }
        if (result instanceof RefundResult.TooMuch tooMuch) {
            throw new CommandFailedException(
                    "That is more than is left of it; nothing moved. " + state(tooMuch.charge()));
        }
        if (result instanceof RefundResult.Final fixed) {
            throw new CommandFailedException(
                    "It bought tokens, or was paid with tokens of another issuer: neither can be"
                            + " given back; nothing moved. " + state(fixed.charge()));
        }
        throw new CommandFailedException("There is no charge " + reference + " in " + store + ".");
    }

    /** Nobody knows who paid with tokens, so the payer has to come for it. */
    private static String collected(Charge charge) {
        String words = charge.issuer() == null
                ? ""
                : "%nIt was paid with tokens, so the payer gets new ones:%n  farthing tokens refund --issuer %s %s %s ch_%s";
        return String.format(
                Locale.ROOT, words, charge.issuer(), charge.terms().payee(), typed(charge), charge.challengeId());
    }

    private static String typed(Charge charge) {
        return Shown.amount(charge.refunded(), charge.terms().currency())
                .replace(" ", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String state(Charge charge) {
        String currency = charge.terms().currency();
        return Shown.amount(charge.captured(), currency) + " was charged, " + Shown.amount(charge.refunded(), currency)
                + " of it is given back.";
    }
}
