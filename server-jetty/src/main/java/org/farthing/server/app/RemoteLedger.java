package org.farthing.server.app;

import java.io.IOException;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.TopUp;

/** The ledger of a running server, through its top-up route (specification: wallets.md, F-WA-25 and F-WA-26). */
final class RemoteLedger {

    private final AdminCalls calls;

    RemoteLedger(String url, String bearer) {
        calls = new AdminCalls(url, bearer);
    }

    Account topUp(TopUp order) throws IOException {
        String body = CanonicalJson.write(Map.of(
                "amount", Amount.of(order.amount()).format(),
                "currency", order.currency(),
                "idempotencyKey", order.idempotencyKey()));
        String answer = calls.post(
                route(order.wallet()),
                body,
                "The top-up may have happened. Repeat it with --idempotency-key " + order.idempotencyKey()
                        + " and it happens once.");
        try {
            Members members = new Members(StrictJson.parseObject(answer, "answer", StrictJson.Limits.BODY), "answer");
            Members account = new Members(members.object("account"), "answer.account");
            return new Account(
                    account.text("currency"),
                    Amount.parse(account.text("available"), "answer.account.available")
                            .baseUnits(),
                    Amount.parse(account.text("held"), "answer.account.held").baseUnits());
        } catch (MalformedException e) {
            throw new CommandFailedException("The server answered something else than an account.", e);
        }
    }

    private static String route(String wallet) {
        if (!wallet.matches("w_[A-Za-z0-9_-]{22}")) {
            throw new CommandFailedException(wallet + " is no wallet id: w_ and 22 characters.");
        }
        return "/v1/wallets/" + wallet + "/topups";
    }
}
