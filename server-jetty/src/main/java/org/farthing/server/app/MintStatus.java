package org.farthing.server.app;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.Solvency;
import org.farthing.server.ledger.TokenKeyState;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.UploadStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farthing-server mint status}: how many tokens are out, and whether more came back than that. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Counts, for each key, how many tokens were issued and how many were used; and what other mints owe"
                        + " for tokens that were taken here. Reads all of them, beside a running server.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is wrong",
            "1:failed; standard error says why",
            "2:wrong use of the command line",
            "4:a key is closed, more tokens of it were used than issued, or a mint refused tokens"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  farthing-server mint status --store shop.db",
            "%nMore used than issued means that somebody else has the key. A running mint closes such a key within a",
            "minute; what one key sold in its 30 days bounds the loss. Who bought tokens of a closed key has them changed",
            "for others; whoever forged some gets nothing."
        })
final class MintStatus implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--store", paramLabel = "FILE_OR_URL", required = true, description = StoreAddress.WHAT)
    private @Nullable StoreAddress store;

    @Override
    public Integer call() {
        if (store == null) {
            throw new IllegalStateException("picocli requires --store");
        }
        return new Store(store).look(this::print);
    }

    private int print(Books books) {
        List<TokenKeyState> keys = books.tokens().keys().toCompletableFuture().join();
        List<UploadStatus> owing =
                books.tokens().uploadStatus().toCompletableFuture().join();
        PrintWriter out = spec.commandLine().getOut();
        if (keys.isEmpty() && owing.isEmpty()) {
            out.println("No tokens were sold or taken with these books.");
            return 0;
        }
        boolean sound = issued(books, keys, out);
        for (UploadStatus issuer : owing) {
            out.println(line(issuer));
            sound &= issuer.failed() == 0;
        }
        return sound ? 0 : LedgerCheck.NOT_SOUND;
    }

    private boolean issued(Books books, List<TokenKeyState> keys, PrintWriter out) {
        Map<String, Solvency> counts = new Patience(spec.commandLine().getErr())
                .await(books.tokens().solvency(), () -> "Counting tokens.").stream()
                        .collect(Collectors.toMap(Solvency::keyId, Function.identity()));
        SortedMap<String, Out> sums = new TreeMap<>();
        boolean sound = true;
        String issuer = "";
        for (TokenKeyState key : keys) {
            TokenKeyTerms terms = key.terms();
            Solvency count = counts.get(terms.keyId());
            if (!terms.mine() || count == null) {
                continue;
            }
            if (!terms.issuer().equals(issuer)) {
                issuer = terms.issuer();
                out.println(issuer);
                out.println(line("VALUE", "SOLD UNTIL", "SPENT UNTIL", "ISSUED", "USED", "KEY"));
            }
            out.println(line(key, count));
            sound &= count.sound() && key.closed() == null;
            Out more = Out.of(count, terms.value());
            sums.merge(terms.currency(), more, Out::plus);
        }
        sums.forEach((currency, sum) -> {
            out.println("Issued " + Shown.amount(sum.issued(), currency) + ", used "
                    + Shown.amount(sum.used(), currency) + "; tokens worth "
                    + Shown.amount(sum.issued() - sum.used() + sum.missing(), currency) + " are out.");
            if (sum.missing() > 0) {
                out.println(
                        "Forged tokens took " + Shown.amount(sum.missing(), currency)
                                + " or more of what is behind them: put that in, for who bought such tokens changes them for others.");
            }
        });
        return sound;
    }

    /** What was issued and used, and used beyond what was issued, in base units. */
    private record Out(long issued, long used, long missing) {

        static Out of(Solvency count, long value) {
            return new Out(
                    Math.multiplyExact(count.issued(), value),
                    Math.multiplyExact(count.used(), value),
                    Math.multiplyExact(Math.max(0, count.used() - count.issued()), value));
        }

        Out plus(Out other) {
            return new Out(
                    Math.addExact(issued, other.issued),
                    Math.addExact(used, other.used),
                    Math.addExact(missing, other.missing));
        }
    }

    private static String line(TokenKeyState key, Solvency count) {
        TokenKeyTerms terms = key.terms();
        String wrong = count.sound() ? "" : "  WRONG: more used than issued, somebody else has this key";
        String closed = key.closed() == null ? "" : "  CLOSED: " + Shown.line(key.closed());
        return line(
                        Shown.amount(terms.value(), terms.currency()),
                        terms.notAfter().toString(),
                        terms.spendUntil().toString(),
                        Long.toString(count.issued()),
                        Long.toString(count.used()),
                        terms.keyId())
                + wrong
                + closed;
    }

    private static String line(String value, String sold, String spent, String issued, String used, String key) {
        return String.format("  %-14s  %-20s  %-20s  %8s  %8s  %s", value, sold, spent, issued, used, key);
    }

    private static String line(UploadStatus status) {
        return status.issuer() + ": owes " + Shown.amount(status.open(), status.currency()) + ", "
                + status.waiting() + " tokens to be presented"
                + (status.redeemBy() == null ? "" : " by " + status.redeemBy()) + ", " + status.failed() + " refused ("
                + Shown.amount(status.failedAmount(), status.currency()) + ")";
    }
}
