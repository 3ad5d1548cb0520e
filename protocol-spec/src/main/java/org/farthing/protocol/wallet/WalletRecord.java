package org.farthing.protocol.wallet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.Money;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * A wallet as its ledger tells its owner: the answer of {@code POST /v1/wallets}, {@code GET /v1/wallets/{id}} and of the
 * routes that change limits, freeze and keys (spec/wallets.md).
 *
 * @param id the wallet's name
 * @param status whether it can pay
 * @param created when it was opened, whole seconds
 * @param keys thumbprints of the keys that may sign orders
 * @param accounts one for each currency id it ever had money in
 * @param limits what it may spend in a day
 * @param recovery thumbprint of the recovery key, or null
 */
public record WalletRecord(
        String id,
        Status status,
        Instant created,
        List<String> keys,
        List<Account> accounts,
        List<Limit> limits,
        @Nullable String recovery) {

    private static final String WHERE = "wallet";
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(1 << 20, 4, 64, 1000);

    /** Whether a wallet can pay. Open holds settle in every state. */
    public enum Status {
        /** It can. */
        ACTIVE,
        /** Its owner stopped it; the recovery key lifts that. */
        FROZEN,
        /** The ledger's operator stopped it. */
        SUSPENDED
    }

    /**
     * Money of one currency id.
     *
     * @param currency what is counted
     * @param available what can be held
     * @param held what is held
     */
    public record Account(CurrencyId currency, Amount available, Amount held) {}

    /**
     * What may be spent in a day, by UTC.
     *
     * @param perDay the limit
     * @param spent how much of it is used, held money counted
     * @param resetsAt when the next day begins
     */
    public record Limit(Money perDay, Money spent, Instant resetsAt) {

        /**
         * Checks that both amounts are of one currency.
         *
         * @param perDay as described at the record
         * @param spent as described at the record
         * @param resetsAt as described at the record
         * @throws IllegalArgumentException if they are not, or the time has a fraction
         */
        public Limit {
            perDay.plus(spent);
            Body.require(() -> Body.requireTime(resetsAt, WHERE + ".limits.resetsAt"));
        }
    }

    /**
     * Checks and copies.
     *
     * @param id as described at the record
     * @param status as described at the record
     * @param created as described at the record
     * @param keys as described at the record
     * @param accounts as described at the record
     * @param limits as described at the record
     * @param recovery as described at the record
     * @throws IllegalArgumentException if one of them breaks its rule
     */
    public WalletRecord {
        keys = List.copyOf(keys);
        accounts = List.copyOf(accounts);
        limits = List.copyOf(limits);
        List<String> thumbprints = keys;
        Body.require(() -> {
            WalletId.require(id, WHERE + ".wallet");
            Body.requireTime(created, WHERE + ".created");
            for (String thumbprint : thumbprints) {
                Body.requireBytes(thumbprint, Body.HASH_BYTES, WHERE + ".keys");
            }
            if (recovery != null) {
                Body.requireBytes(recovery, Body.HASH_BYTES, WHERE + ".recovery");
            }
        });
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the wallet; a ledger that tells nothing of limits has none
     * @throws MalformedException if a member is missing or wrong
     */
    public static WalletRecord parse(byte[] body) throws MalformedException {
        Members members = new Members(StrictJson.parseObject(body, WHERE, LIMITS), WHERE);
        List<Account> accounts = new ArrayList<>();
        for (Members account : members.objects("accounts")) {
            accounts.add(new Account(
                    Body.currency(account), Body.amount(account, "available"), Body.amount(account, "held")));
        }
        List<Limit> limits = new ArrayList<>();
        if (members.map().containsKey("limits")) {
            for (Members limit : members.objects("limits")) {
                limits.add(limit(limit));
            }
        }
        return Body.build(
                WHERE,
                () -> new WalletRecord(
                        members.text("wallet"),
                        status(members.text("status")),
                        Body.time(members, "created"),
                        members.texts("keys"),
                        accounts,
                        limits,
                        members.optionalText("recovery")));
    }

    private static Status status(String text) throws MalformedException {
        for (Status status : Status.values()) {
            if (status.name().equals(text)) {
                return status;
            }
        }
        throw new MalformedException(Fault.VALUE, WHERE + ".status", "ACTIVE, FROZEN or SUSPENDED is needed");
    }

    private static Limit limit(Members members) throws MalformedException {
        String code = members.text("code");
        Money perDay = Body.money(code, members.text("perDay"), Body.place(members, "perDay"));
        Money spent = Body.money(code, members.text("spent"), Body.place(members, "spent"));
        return Body.build(members.where(), () -> new Limit(perDay, spent, Body.time(members, "resetsAt")));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        Map<String, Object> members = new TreeMap<>();
        members.put("wallet", id);
        members.put("status", status.name());
        members.put("created", Rfc3339.format(created));
        members.put("keys", keys);
        members.put("accounts", accounts.stream().map(WalletRecord::members).toList());
        members.put("limits", limits.stream().map(WalletRecord::members).toList());
        if (recovery != null) {
            members.put("recovery", recovery);
        }
        return CanonicalJson.write(members);
    }

    private static Map<String, String> members(Account account) {
        return Map.of(
                "currency", account.currency().text(),
                "available", account.available().format(),
                "held", account.held().format());
    }

    private static Map<String, String> members(Limit limit) {
        return Map.of(
                "code", limit.perDay().code(),
                "perDay", Body.decimal(limit.perDay()),
                "spent", Body.decimal(limit.spent()),
                "resetsAt", Rfc3339.format(limit.resetsAt()));
    }
}
