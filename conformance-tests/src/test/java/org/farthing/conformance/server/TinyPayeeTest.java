package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.junit.jupiter.api.Test;

/** The correct server is correct: what it says when nothing is wrong with it, page by page. */
class TinyPayeeTest {

    @Test
    void buy_everyPageThatCanBeBought_receiptOnSuccessAndMoneyBackOtherwise() throws IOException, MalformedException {
        try (TinyPayee payee = TinyPayee.with()) {
            Site site = TinySite.of(payee);
            Visit visit = site.visit(new Trace());
            // The suite first sees whether this payer can pay at all, and pays for that.
            visit.buy(site.paid());
            String wallet = ((WalletPayer) site.payer()).wallet();
            for (TinyPage page : TinyPage.values()) {
                if (!page.isPriced() || page == TinyPage.UNAFFORDABLE) {
                    continue;
                }
                long before = payee.books().balance(wallet);
                Page named = site.need(PageName.of(page.word()).orElseThrow());
                RawAnswer answer = visit.present("pay", named, visit.pay(visit.offer(named)));
                long paid = before - payee.books().balance(wallet);
                if (answer.isSuccess()) {
                    assertThat(paid).as(page.word()).isEqualTo(page.price());
                    PaymentReceipt.parse(answer.first("Payment-Receipt").orElseThrow());
                    assertThat(answer.all("Cache-Control")).containsExactly("private");
                } else {
                    assertThat(page).isIn(TinyPage.MISSING, TinyPage.DENIED, TinyPage.FAILING);
                    assertThat(paid).as(page.word()).isZero();
                    assertThat(answer.has("Payment-Receipt")).isFalse();
                }
            }
        }
    }
}
