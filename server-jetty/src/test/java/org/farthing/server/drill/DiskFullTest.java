package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.drill.TwoBooks.PRICE;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/**
 * A server whose disk takes nothing more: the system itself refuses what the store writes, which is at its commits. 503, nothing
 * unpaid, and it comes back by itself.
 */
@Requirement({"T43", "T47", "F-SV-74", "F-SV-76", "F-ST-36"})
class DiskFullTest extends StoreAwayDrill {

    @Override
    String emptyStore(Path inFolder) {
        return inFolder.resolve("ledger.db").toString();
    }

    @Override
    String reachedBy(String name) {
        return name;
    }

    @Test
    @Requirement("F-SV-71")
    void full_503AndWhenThereIsRoomAgainTheSameBytesAreServed() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        seller.limitFiles(true);
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertThat(buyer.send(port, "GET", "/docs/a", "").getStatus()).isEqualTo(402);
        seller.limitFiles(false);
        assertServed(buyer.resend(port, "GET", "/docs/a", credential));
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-72", "F-RE-15"})
    void fullAtTheCapture_theAnswerIsHeldBackAndNothingIsCharged() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        seller.limitFiles(true);
        seller.tell("go on");
        assertAway(answer.join());
        seller.limitFiles(false);
        assertEndsUncharged(credential);
    }
}
