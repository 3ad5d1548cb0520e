package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.TokenKeys.KeyRow;
import org.farthing.server.ledger.TokenUsage.How;
import org.jspecify.annotations.Nullable;

/** Lists what the tokens of an issuer were used for, a bounded part at a time (F-TK-151). */
final class UsedTokens {

    private static final Comparator<String> BY_BYTES =
            Comparator.comparing(TokenBytes::decode, Arrays::compareUnsigned);
    private static final byte[] FIRST = {};

    private UsedTokens() {}

    static Operation<UsedSlice> after(String issuer, @Nullable TokenPlace place, int limit) {
        return (session, now) -> Step.discard(read(session, issuer, place, limit));
    }

    private static UsedSlice read(Session session, String issuer, @Nullable TokenPlace place, int limit)
            throws SQLException {
        List<KeyRow> keys = session.all(TokenSql.KEYS, TokenKeys::key).stream()
                .filter(key -> key.isOf(issuer) && from(key, place))
                .sorted(Comparator.comparing(key -> key.terms().keyId(), BY_BYTES))
                .toList();
        for (int i = 0; i < keys.size(); i++) {
            KeyRow key = keys.get(i);
            String keyId = key.terms().keyId();
            String serial = place != null && place.keyId().equals(keyId) ? place.serial() : null;
            List<TokenUsage> used = session.all(
                    TokenSql.USED_AFTER,
                    row -> usage(key.terms(), row),
                    key.epoch(),
                    serial == null ? FIRST : TokenBytes.decode(serial),
                    limit);
            if (used.size() == limit) {
                return new UsedSlice(
                        used, new TokenPlace(keyId, used.get(limit - 1).token().serial()));
            }
            boolean last = i == keys.size() - 1;
            if (last || !used.isEmpty()) {
                return new UsedSlice(used, last ? null : new TokenPlace(keyId, null));
            }
        }
        return new UsedSlice(List.of(), null);
    }

    /** Whether some of its tokens come after a place. */
    private static boolean from(KeyRow key, @Nullable TokenPlace place) {
        if (place == null) {
            return true;
        }
        int order = BY_BYTES.compare(key.terms().keyId(), place.keyId());
        return order > 0 || (order == 0 && place.serial() != null);
    }

    private static TokenUsage usage(TokenKeyTerms key, ResultSet row) throws SQLException {
        TokenAct.Kind kind = TokenAct.Kind.valueOf(row.getString("kind"));
        String owner = row.getString("owner");
        boolean free = Findings.numberOrNull(row, "free_from") != null;
        How how = free ? How.FREE : how(kind, row.getString("state"));
        return new TokenUsage(
                new UsedToken(key.keyId(), TokenBytes.encode(row.getBytes("serial"))),
                key.value(),
                key.currency(),
                how,
                owner,
                kind == TokenAct.Kind.REDEMPTION ? owner : row.getString("payee"));
    }

    private static How how(TokenAct.Kind kind, @Nullable String upload) {
        return switch (kind) {
            case CHARGE -> upload == null ? How.PAID : How.valueOf(upload);
            case SWAP, FORWARD -> How.SWAPPED;
            case REDEMPTION -> How.REDEEMED;
            case PURCHASE, REFUND -> throw new IllegalStateException(kind + " uses no tokens");
        };
    }
}
