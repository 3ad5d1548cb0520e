package org.farthing.server.app;

import static org.farthing.server.app.Demo.require;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Solvency;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.UploadStatus;

/**
 * The last step with tokens: the shop presents what it took, the mint credits it, and both books say the same. What earlier
 * tours left in a store of the user's is set aside by looking at the books before.
 */
final class DemoSettlement {

    private static final CurrencyId CURRENCY = new CurrencyId("usd.e6");

    private final DocumentShop shop;
    private final DemoMint mint;
    private final DemoStory say;
    private final Totals before;
    private final Totals shopBefore;

    DemoSettlement(DocumentShop shop, DemoMint mint, DemoStory say) {
        this.shop = shop;
        this.mint = mint;
        this.say = say;
        this.before = totals(mint.ledger());
        this.shopBefore = totals(shop.ledger());
    }

    /** Waits until the shop is paid, and requires that all sums are right. */
    void settle(Money spent, Money left, Money bought) {
        say.step("The shop is paid, and both books balance");
        DemoWait.until("The shop was not paid for its tokens.", () -> waiting() == 0);
        Totals now = totals(mint.ledger());
        Totals shopNow = totals(shop.ledger());
        Money credited = money(Math.subtractExact(now.payees(), before.payees()));
        Money earned = money(Math.subtractExact(shopNow.payees(), shopBefore.payees()));
        Money out = money(Math.subtractExact(now.tokens(), before.tokens()));
        require(credited.equals(spent), "The mint credited " + credited + " for tokens worth " + spent + ".");
        require(earned.equals(spent), "The shop's books say that it earned " + earned + ", not " + spent + ".");
        require(out.equals(left), "Tokens worth " + out + " are out, and the program has " + left + ".");
        require(left.plus(spent).equals(bought), "What was bought is not what was spent and what is left.");
        say.row("presented", "all tokens the shop took, in signed requests behind the sales");
        say.row("credited", credited + " by the mint; the shop's own books say " + earned);
        say.row("out", out + " in the mint's books, which is what the program has in tokens");
        sound(shop.ledger(), "shop");
        sound(mint.ledger(), "mint");
        List<Solvency> keys = ask(mint.ledger().tokens().solvency());
        require(keys.stream().allMatch(Solvency::sound), "More tokens came back than the mint issued.");
        long issued = keys.stream().mapToLong(Solvency::issued).sum();
        long used = keys.stream().mapToLong(Solvency::used).sum();
        say.row("keys", issued + " tokens issued, " + used + " used, and of no key more than were issued");
        say.line("Both sums are zero, and every row of both books is as it was written.");
    }

    private long waiting() {
        return ask(shop.ledger().tokens().uploadStatus()).stream()
                .mapToLong(UploadStatus::open)
                .sum();
    }

    private static void sound(Ledger ledger, String whose) {
        require(totals(ledger).sum() == 0, "The accounts of the " + whose + " do not add up to zero.");
        require(ask(ledger.check()).sound(), "The own check of the " + whose + " found something.");
    }

    private static Totals totals(Ledger ledger) {
        return ask(ledger.totals()).stream()
                .filter(totals -> totals.currency().equals(CURRENCY.text()))
                .findFirst()
                .orElseGet(() -> new Totals(CURRENCY.text(), 0, 0, 0, 0));
    }

    private static Money money(long baseUnits) {
        return Money.of(Amount.of(baseUnits), CURRENCY);
    }

    private static <T> T ask(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
