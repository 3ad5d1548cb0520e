package org.farthing.client.wallet;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.wallet.WalletRecord;

/** Reads what ledgers answer, strictly; members that are not known are ignored. */
final class WalletAnswers {

    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(WalletApi.MOST_BYTES, 4, 64, 1000);
    private static final Set<String> KINDS = Set.of("top-up", "hold", "capture", "release", "refund");
    private static final Set<String> PLACES = Set.of("outside", "available", "held", "payee", "tokens");

    private WalletAnswers() {}

    static Wallet wallet(byte[] json, String expectedId) throws MalformedException {
        WalletRecord wallet = WalletRecord.parse(json);
        requireId(wallet.id(), expectedId, "wallet");
        return new Wallet(
                expectedId,
                wallet.status().name(),
                wallet.accounts().stream()
                        .map(account -> new Account(account.currency(), account.available(), account.held()))
                        .toList(),
                wallet.limits().stream()
                        .map(limit -> new DailyLimit(limit.perDay(), limit.spent(), limit.resetsAt()))
                        .toList(),
                wallet.keys(),
                wallet.recovery());
    }

    static Account toppedUp(byte[] json, String expectedId) throws MalformedException {
        Members members = read(json, "topup");
        requireId(members.text("wallet"), expectedId, members.where());
        return account(new Members(members.object("account"), "topup.account"));
    }

    static StatementPage statement(byte[] json, String expectedId) throws MalformedException {
        Members members = read(json, "statement");
        requireId(members.text("wallet"), expectedId, members.where());
        List<Transfer> transfers = new ArrayList<>();
        for (Members transfer : members.objects("transfers")) {
            transfers.add(new Transfer(
                    transfer.text("id"),
                    Rfc3339.parse(transfer.text("at"), "statement.at"),
                    oneOf(transfer, "kind", KINDS),
                    Amount.parse(transfer.text("amount"), "statement.amount"),
                    CurrencyId.parse(transfer.text("currency"), "statement.currency"),
                    oneOf(transfer, "from", PLACES),
                    oneOf(transfer, "to", PLACES),
                    transfer.optionalText("challengeId"),
                    transfer.optionalText("recipient"),
                    transfer.optionalText("note")));
        }
        return new StatementPage(transfers, members.optionalText("next"));
    }

    private static Members read(byte[] json, String where) throws MalformedException {
        return new Members(StrictJson.parseObject(json, where, LIMITS), where);
    }

    private static Account account(Members members) throws MalformedException {
        return new Account(
                CurrencyId.parse(members.text("currency"), "account.currency"),
                Amount.parse(members.text("available"), "account.available"),
                Amount.parse(members.text("held"), "account.held"));
    }

    private static void requireId(String id, String expected, String where) throws MalformedException {
        if (!id.equals(expected)) {
            throw new MalformedException(Fault.VALUE, where + ".wallet", "another wallet than was asked for");
        }
    }

    private static String oneOf(Members members, String name, Set<String> legal) throws MalformedException {
        String value = members.text(name);
        if (!legal.contains(value)) {
            throw new MalformedException(Fault.VALUE, members.where() + "." + name, "a value that is not known");
        }
        return value;
    }
}
