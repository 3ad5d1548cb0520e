package org.farthing.protocol.wallet;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.signature.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * Adds a key to a wallet or takes one away: the body of {@code POST /v1/wallets/{id}/keys}, signed by the recovery key
 * (spec/wallets.md F-WA-33).
 */
public sealed interface KeyChange {

    /**
     * Another key may sign orders from now on.
     *
     * @param key the key, a point without name, roles and times
     */
    record Add(VerificationKey key) implements KeyChange {

        /**
         * Reduces the key to its point.
         *
         * @param key as described at the record
         */
        public Add {
            try {
                key = Body.bare(key);
            } catch (MalformedException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public String format() {
            return CanonicalJson.write(Map.of("add", Body.jwk(key)));
        }
    }

    /**
     * A key may sign no orders from now on.
     *
     * @param thumbprint which key
     */
    record Revoke(String thumbprint) implements KeyChange {

        /**
         * Checks the thumbprint's form.
         *
         * @param thumbprint as described at the record
         * @throws IllegalArgumentException if it is no RFC 7638 thumbprint
         */
        public Revoke {
            Body.require(() -> Body.requireBytes(thumbprint, Body.HASH_BYTES, "body.revoke"));
        }

        @Override
        public String format() {
            return CanonicalJson.write(Map.of("revoke", thumbprint));
        }
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the change
     * @throws MalformedException if there is not exactly one of {@code add} and {@code revoke}, or it is wrong
     */
    static KeyChange parse(byte[] body) throws MalformedException {
        Members members = Body.parse(body, Body.SMALL);
        Map<String, @Nullable Object> added = members.optionalObject("add");
        String revoked = members.optionalText("revoke");
        if (added != null && revoked == null) {
            return new Add(Body.bareKey(added));
        }
        if (added == null && revoked != null) {
            return Body.build("body.revoke", () -> new Revoke(revoked));
        }
        throw new MalformedException(
                added == null ? Fault.MISSING : Fault.VALUE, "body", "exactly one of add and revoke is needed");
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    String format();
}
