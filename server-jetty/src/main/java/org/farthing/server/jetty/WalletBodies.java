package org.farthing.server.jetty;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.server.ledger.TopUp;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies and the query of the wallet routes (specification: wallets.md, F-WA-20 to F-WA-26): strict JSON, members
 * nobody defined ignored, everything else a {@code BAD_REQUEST} that says where the fault is and never quotes.
 */
final class WalletBodies {

    /** The longest body of these routes in bytes (F-WA-27). */
    static final int LONGEST = 16 * 1024;

    private static final String WHERE = "body";
    private static final Set<String> KEY_ALONE = Set.of("kty", "crv", "x", "y");
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(LONGEST, 4, 32, 32);

    private WalletBodies() {}

    /** The key of {@code {"jwk":{…}}}; a private member is refused. */
    static VerificationKey registration(byte[] body) {
        return read(() -> {
            Map<String, @Nullable Object> jwk = members(body).object("jwk");
            // First all of it, which refuses a private key; then the key alone: a wallet's keys go by their
            // thumbprints,
            // and have neither a name nor roles nor times of their own.
            VerificationKey given = VerificationKey.parse(jwk);
            Map<String, @Nullable Object> bare = new TreeMap<>(given.toJwk());
            bare.keySet().retainAll(KEY_ALONE);
            return VerificationKey.parse(bare);
        });
    }

    /** The top-up of {@code {"amount","currency","idempotencyKey"}}. */
    static TopUp topUp(String wallet, byte[] body) {
        return read(() -> {
            Members members = members(body);
            CurrencyId currency = CurrencyId.parse(members.text("currency"), WHERE + ".currency");
            Amount amount = Amount.parse(members.text("amount"), WHERE + ".amount");
            if (amount.equals(Amount.ZERO)) {
                throw new MalformedException(Fault.VALUE, WHERE + ".amount", "more than zero is needed");
            }
            String key = members.text("idempotencyKey");
            if (key.isEmpty() || key.length() > 128 || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new MalformedException(
                        Fault.VALUE, WHERE + ".idempotencyKey", "1 to 128 visible ASCII characters are needed");
            }
            return new TopUp(wallet, currency.text(), amount.baseUnits(), key);
        });
    }

    private static Members members(byte[] body) throws MalformedException {
        return new Members(StrictJson.parseObject(body, WHERE, LIMITS), WHERE);
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (MalformedException e) {
            throw new Refusal(Problem.of(ProblemType.BAD_REQUEST, "The body cannot be used: " + e.getMessage() + "."));
        }
    }

    private interface Reading<T> {
        T read() throws MalformedException;
    }
}
