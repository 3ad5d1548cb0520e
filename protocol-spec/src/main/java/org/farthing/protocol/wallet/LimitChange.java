package org.farthing.protocol.wallet;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * Sets what a wallet may spend in a day: the body of {@code POST /v1/wallets/{id}/limits} (spec/wallets.md F-WA-31).
 *
 * @param code the currency's code, such as {@code usd}, whatever exponents are paid in
 * @param perDay the new limit, or null for none
 */
public record LimitChange(String code, @Nullable Money perDay) {

    private static final String NONE = "none";

    /**
     * Checks that both name one currency.
     *
     * @param code as described at the record
     * @param perDay as described at the record
     * @throws IllegalArgumentException if they do not, or the code is none
     */
    public LimitChange {
        Money.zero(code).plus(perDay == null ? Money.zero(code) : perDay);
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the change
     * @throws MalformedException if a member is missing or wrong
     */
    public static LimitChange parse(byte[] body) throws MalformedException {
        Members members = Body.parse(body, Body.SMALL);
        String code = members.text("code");
        String perDay = members.text("perDay");
        Money zero = Body.money(code, "0", "body.code");
        return new LimitChange(zero.code(), perDay.equals(NONE) ? null : Body.money(code, perDay, "body.perDay"));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON of {@code code} and {@code perDay}, a decimal amount or {@code none}
     */
    public String format() {
        return CanonicalJson.write(Map.of("code", code, "perDay", perDay == null ? NONE : Body.decimal(perDay)));
    }
}
