package org.farthing.server.jetty;

import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.wallet.WalletRecord;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.DailyLimit;
import org.farthing.server.ledger.Statement;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.WalletKey;

/** Writes what the wallet routes answer (specification: wallets.md, Routes): canonical JSON, every value a string. */
final class WalletJson {

    private static final String PAYEE = "payee";

    /** What a purchase of tokens bought: its money is nobody's income yet. */
    private static final String TOKENS = "tokens";

    private WalletJson() {}

    static String wallet(Wallet wallet, List<Account> accounts, List<DailyLimit> limits) {
        WalletKey recovery = wallet.recovery();
        return new WalletRecord(
                        wallet.id(),
                        WalletRecord.Status.valueOf(wallet.status().name()),
                        wallet.createdAt().truncatedTo(ChronoUnit.SECONDS),
                        wallet.keys().stream().map(WalletKey::thumbprint).toList(),
                        accounts.stream().map(WalletJson::record).toList(),
                        limits.stream().map(WalletJson::limit).toList(),
                        recovery == null ? null : recovery.thumbprint())
                .format();
    }

    private static WalletRecord.Account record(Account account) {
        return new WalletRecord.Account(
                new CurrencyId(account.currency()), Amount.of(account.available()), Amount.of(account.held()));
    }

    private static WalletRecord.Limit limit(DailyLimit limit) {
        return new WalletRecord.Limit(
                new Money(new BigDecimal(limit.perDay()), limit.code()),
                new Money(new BigDecimal(limit.spent()), limit.code()),
                limit.resetsAt().truncatedTo(ChronoUnit.SECONDS));
    }

    static String credited(String wallet, Account account) {
        return CanonicalJson.write(Map.of("wallet", wallet, "account", account(account)));
    }

    static String statement(String wallet, Statement statement) {
        List<Map<String, String>> transfers = new ArrayList<>();
        for (Transfer transfer : statement.transfers()) {
            transfers.add(transfer(transfer));
        }
        Map<String, Object> members = new TreeMap<>(Map.of("wallet", wallet, "transfers", transfers));
        Long next = statement.next();
        if (next != null) {
            members.put("next", Long.toString(next));
        }
        return CanonicalJson.write(members);
    }

    private static Map<String, String> account(Account account) {
        return Map.of(
                "currency", account.currency(),
                "available", Amount.of(account.available()).format(),
                "held", Amount.of(account.held()).format());
    }

    private static Map<String, String> transfer(Transfer transfer) {
        Map<String, String> members = new TreeMap<>();
        members.put("id", Long.toString(transfer.sequence()));
        members.put("at", Rfc3339.format(transfer.at()));
        members.put("kind", kind(transfer.kind()));
        members.put("currency", transfer.currency());
        members.put("amount", Amount.of(transfer.amount()).format());
        members.put("from", side(transfer.from()));
        members.put("to", side(transfer.to()));
        if (transfer.challengeId() != null) {
            members.put("challengeId", transfer.challengeId());
        }
        if (transfer.note() != null) {
            members.put("note", transfer.note());
        }
        for (String account : List.of(transfer.from(), transfer.to())) {
            if (side(account).equals(PAYEE) || side(account).equals(TOKENS)) {
                members.put("recipient", account.substring(account.indexOf(':') + 1));
            }
        }
        return members;
    }

    private static String kind(Transfer.Kind kind) {
        return switch (kind) {
            case TOP_UP -> "top-up";
            case HOLD -> "hold";
            case CAPTURE -> "capture";
            case RELEASE -> "release";
            case REFUND -> "refund";
            // In no wallet's statement: it is between a payee and a wallet service.
            case WRITE_OFF -> "write-off";
        };
    }

    /** The ledger's account names say whose they are; a statement is one wallet's, so only the kind of account stays. */
    private static String side(String account) {
        int colon = account.indexOf(':');
        String kind = colon < 0 ? account : account.substring(0, colon);
        return switch (kind) {
            case "available", "held", PAYEE, TOKENS -> kind;
            default -> "outside";
        };
    }
}
