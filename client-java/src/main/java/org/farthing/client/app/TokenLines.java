package org.farthing.client.app;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;

/** How tokens, and what a mint sells, are put for people. */
final class TokenLines {

    private final Shell shell;

    TokenLines(Shell shell) {
        this.shell = shell;
    }

    /** What they are worth, and how many they are. */
    static String sum(Collection<HeldToken> tokens) {
        if (tokens.isEmpty()) {
            return "nothing";
        }
        CurrencyId currency = tokens.iterator().next().currency();
        Amount sum = tokens.stream().map(HeldToken::value).reduce(Amount.ZERO, Amount::plus);
        return Money.of(sum, currency).format() + " in " + count(tokens.size());
    }

    static String count(int tokens) {
        return tokens == 1 ? "1 token" : tokens + " tokens";
    }

    /** All tokens for one server, of one mint. */
    void whole(TokenScope scope, List<HeldToken> tokens) {
        shell.print((scope.payee() == null ? "any server" : scope.payee().text())
                + (scope.issuer().equals(scope.payee()) ? "" : "  (tokens of " + scope.issuer() + ")"));
        Instant now = shell.clock().instant();
        List<HeldToken> ready = of(tokens, HeldToken.State.READY);
        List<HeldToken> current =
                ready.stream().filter(token -> !now.isAfter(token.spendUntil())).toList();
        List<HeldToken> late =
                ready.stream().filter(token -> now.isAfter(token.spendUntil())).toList();
        shell.print(
                "  ready      " + sum(current) + (current.isEmpty() ? "" : ", taken until " + day(soonest(current))));
        if (!current.isEmpty()) {
            shell.print("             " + values(current));
        }
        String origin = Shown.argument(scope.payee());
        group("late", late, "taken no more, changed until " + day(last(late)) + ": farthing tokens swap " + origin);
        group(
                "exposed",
                of(tokens, HeldToken.State.EXPOSED),
                "shown before, perhaps not used up: farthing tokens swap " + origin);
        group("reserved", of(tokens, HeldToken.State.RESERVED), "in a payment that is open: farthing journal resume");
    }

    private void group(String name, List<HeldToken> tokens, String words) {
        if (!tokens.isEmpty()) {
            shell.print("  " + String.format("%-9s", name) + "  " + sum(tokens) + "; " + words);
        }
    }

    private static List<HeldToken> of(List<HeldToken> tokens, HeldToken.State state) {
        return tokens.stream().filter(token -> token.state() == state).toList();
    }

    private static Instant soonest(List<HeldToken> tokens) {
        return tokens.stream()
                .map(HeldToken::spendUntil)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private static Instant last(List<HeldToken> tokens) {
        return tokens.stream().map(HeldToken::swapUntil).min(Instant::compareTo).orElse(Instant.EPOCH);
    }

    private static String day(Instant time) {
        return time.truncatedTo(ChronoUnit.DAYS).toString().substring(0, "2026-11-22".length());
    }

    /** Such as {@code 4 of 0.0001, 2 of 0.0002}. */
    private static String values(List<HeldToken> tokens) {
        CurrencyId currency = tokens.get(0).currency();
        SortedMap<Long, Integer> counts = new TreeMap<>();
        tokens.forEach(token -> counts.merge(token.value().baseUnits(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " of " + number(Amount.of(entry.getKey()), currency))
                .collect(Collectors.joining(", "));
    }

    /** Such as {@code 0.0001 to 0.0064}. */
    private static String range(Bundle bundle, CurrencyId currency) {
        SortedMap<Long, Integer> counts = new TreeMap<>(bundle.tokens());
        String least = number(Amount.of(counts.firstKey()), currency);
        String most = number(Amount.of(counts.lastKey()), currency);
        return least.equals(most) ? least : least + " to " + most;
    }

    private static String number(Amount amount, CurrencyId currency) {
        String text = Money.of(amount, currency).format();
        return text.substring(0, text.indexOf(' '));
    }

    /** What a mint sells now. */
    void onSale(IssuerDirectory directory) {
        shell.print("mint       " + directory.issuer());
        for (Bundle bundle : directory.bundles()) {
            shell.print("bundle     "
                    + Money.of(bundle.amount(), directory.currency()).format() + "  " + count(bundle.count()) + " of "
                    + range(bundle, directory.currency()));
        }
        Instant now = shell.clock().instant();
        directory.keys().stream()
                .filter(key -> key.sellableAt(now))
                .map(PublishedKey::spendUntil)
                .min(Instant::compareTo)
                .ifPresent(until ->
                        shell.print("taken      until " + day(until) + ", and changed for new ones after that"));
    }
}
