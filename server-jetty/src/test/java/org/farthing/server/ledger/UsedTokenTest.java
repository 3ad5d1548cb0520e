package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.Tokens;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a payment that cannot be made costs those that share its transaction. */
class UsedTokenTest {

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private final LedgerOptions options =
            LedgerOptions.builder(ForkJoinPool.commonPool()).clock(clock).build();
    private Path store = folder;

    @BeforeEach
    void useOneToken() {
        store = folder.resolve("ledger.db");
        try (Ledger ledger = SqliteLedger.open(store, options)) {
            await(ledger.register(Payments.registration(ALICE)));
            await(ledger.topUp(new TopUp(ALICE, USD, 100, "first")));
            await(ledger.tokens().openKey(Tokens.mine(1)));
            await(ledger.capture(hold(ledger, TokenStorm.payment("used", clock)), 1, ANSWER));
        }
    }

    private static HoldRef hold(Ledger ledger, HoldRequest request) {
        return ((Reserved.Held) await(ledger.reserve(request))).ref();
    }

    @Test
    @Requirement({"F-TK-146", "T41", "T57"})
    void reserve_usedTokenOrClosedKey_isRefusedBeforeAnythingIsWritten() throws SQLException {
        HoldRequest again = again(TokenStorm.payment("used", clock));
        try (Session session = SqliteLedger.write(store, clock)) {
            assertThat(reserve(session, again)).isInstanceOf(Reserved.TokensSpent.class);
            assertThat(session.hasWritten()).isFalse();
            session.begin();
            TokenKeys.close(Tokens.mine(1).keyId(), "leaked").run(session, clock.millis());
            session.commit();
            assertThat(reserve(session, TokenStorm.payment("new", clock))).isInstanceOf(Reserved.TokensExpired.class);
            assertThat(session.hasWritten()).isFalse();
        }
    }

    private Reserved reserve(Session session, HoldRequest request) throws SQLException {
        session.begin();
        session.beginStep();
        Reserved reserved = new Claims("boot", options).reserve(session, request, false, clock.millis());
        session.rollback();
        return reserved;
    }

    /** The same token for another challenge. */
    private HoldRequest again(HoldRequest used) {
        HoldRequest other = TokenStorm.payment("other", clock);
        return new HoldRequest(other.terms(), "none", 0, Payments.HOLD, null, used.source());
    }
}
