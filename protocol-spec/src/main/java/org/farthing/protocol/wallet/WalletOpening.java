package org.farthing.protocol.wallet;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.Money;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.signature.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * Opens a wallet: the body of {@code POST /v1/wallets} (spec/wallets.md F-WA-20, F-WA-30).
 *
 * @param key the wallet's first key, a point without name, roles and times
 * @param recovery the key that may raise limits, lift a freeze and change keys, and nothing else; or null
 * @param dailyLimits the most the wallet may spend in a day, for each currency at most one
 */
public record WalletOpening(VerificationKey key, @Nullable VerificationKey recovery, List<Money> dailyLimits) {

    private static final int MAX_LIMITS = 32;

    /**
     * Reduces the keys to their points and checks the limits.
     *
     * @param key as described at the record
     * @param recovery as described at the record
     * @param dailyLimits as described at the record
     * @throws IllegalArgumentException if both keys are one, or two limits are of one currency, or there are too many
     */
    public WalletOpening {
        dailyLimits = List.copyOf(dailyLimits);
        Set<String> codes = new HashSet<>();
        for (Money limit : dailyLimits) {
            if (!codes.add(limit.code()) || codes.size() > MAX_LIMITS) {
                throw new IllegalArgumentException(
                        "one limit for each currency, and at most " + MAX_LIMITS + " currencies");
            }
        }
        if (recovery != null && recovery.thumbprint().equals(key.thumbprint())) {
            throw new IllegalArgumentException("a recovery key that signs orders recovers nothing");
        }
        try {
            key = Body.bare(key);
            recovery = recovery == null ? null : Body.bare(recovery);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the opening
     * @throws MalformedException if a key is private, unsafe or missing, or a limit is none
     */
    public static WalletOpening parse(byte[] body) throws MalformedException {
        Members members = Body.parse(body, Body.SMALL);
        VerificationKey key = Body.bareKey(members.object("jwk"));
        Map<String, @Nullable Object> recovery = members.optionalObject("recovery");
        List<Money> limits = new ArrayList<>();
        Map<String, @Nullable Object> given = members.optionalObject("dailyLimits");
        if (given != null) {
            Members byCode = new Members(given, "body.dailyLimits");
            for (String code : given.keySet()) {
                // The place does not name the code: until it is read it is the sender's text.
                limits.add(Body.money(code, byCode.text(code), "body.dailyLimits"));
            }
        }
        VerificationKey recoveryKey = recovery == null ? null : Body.bareKey(recovery);
        if (limits.size() > MAX_LIMITS) {
            throw new MalformedException(Fault.TOO_LARGE, "body.dailyLimits", "at most " + MAX_LIMITS + " limits");
        }
        return Body.build("body.recovery", () -> new WalletOpening(key, recoveryKey, limits));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON of {@code jwk}, and where there are any {@code recovery} and {@code dailyLimits}
     */
    public String format() {
        Map<String, Object> members = new TreeMap<>();
        members.put("jwk", Body.jwk(key));
        if (recovery != null) {
            members.put("recovery", Body.jwk(recovery));
        }
        if (!dailyLimits.isEmpty()) {
            Map<String, Object> byCode = new TreeMap<>();
            dailyLimits.forEach(limit -> byCode.put(limit.code(), Body.decimal(limit)));
            members.put("dailyLimits", byCode);
        }
        return CanonicalJson.write(members);
    }
}
