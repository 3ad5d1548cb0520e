package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.farthing.server.ledger.TokenKeys.KeyRow;
import org.jspecify.annotations.Nullable;

/**
 * One act with tokens while it is written: what it uses up and what is signed for it, in the order of keys and bytes, so that two
 * acts never wait for each other in turn.
 */
final class TokenAct {

    /** What an act is. */
    enum Kind {
        CHARGE,
        PURCHASE,
        SWAP,
        FORWARD,
        REDEMPTION,
        REFUND
    }

    /** Which act has a token or message. */
    record Owner(String kind, String owner) {

        boolean is(Kind of, String whose) {
            return of.name().equals(kind) && whose.equals(owner);
        }
    }

    /** A token or message: its key, its 16 bytes, and its place in what was asked for. */
    @SuppressWarnings("ArrayRecordComponent") // compared by ORDER only
    record Part(KeyRow key, byte[] bytes, int index) {

        private static final Comparator<Part> ORDER = Comparator.<Part>comparingInt(
                        part -> part.key().epoch())
                .thenComparing(Part::bytes, Arrays::compareUnsigned);
    }

    /** What was asked for, sorted, and which of it has a key that may not be used. */
    record Parts(List<Part> good, List<Integer> bad) {

        long value() {
            return good.stream().mapToLong(part -> part.key().terms().value()).reduce(0, Math::addExact);
        }

        /** The currency of all of them; null if there are several or none. */
        @Nullable
        String currency() {
            List<String> all = good.stream()
                    .map(part -> part.key().terms().currency())
                    .distinct()
                    .toList();
            return all.size() == 1 ? all.get(0) : null;
        }
    }

    private final Session session;
    private final Kind kind;
    private final String owner;

    TokenAct(Session session, Kind kind, String owner) {
        this.session = session;
        this.kind = kind;
        this.owner = owner;
    }

    // ---- what was asked for

    static Parts tokens(Session session, List<UsedToken> tokens, Predicate<KeyRow> usable) throws SQLException {
        List<String> keys = tokens.stream().map(UsedToken::keyId).toList();
        List<byte[]> bytes = tokens.stream().map(UsedToken::serialBytes).toList();
        return parts(session, keys, bytes, usable);
    }

    static Parts messages(Session session, List<IssuedMessage> messages, Predicate<KeyRow> usable) throws SQLException {
        List<String> keys = messages.stream().map(IssuedMessage::keyId).toList();
        List<byte[]> bytes = messages.stream().map(IssuedMessage::message).toList();
        return parts(session, keys, bytes, usable);
    }

    private static Parts parts(Session session, List<String> keyIds, List<byte[]> bytes, Predicate<KeyRow> usable)
            throws SQLException {
        Map<String, KeyRow> known = new HashMap<>();
        List<Part> good = new ArrayList<>();
        List<Integer> bad = new ArrayList<>();
        for (int i = 0; i < keyIds.size(); i++) {
            String keyId = keyIds.get(i);
            KeyRow key = known.get(keyId);
            if (key == null) {
                key = session.keys().find(session, keyId);
            }
            if (key == null || !usable.test(key)) {
                bad.add(i);
            } else {
                known.put(keyId, key);
                good.add(new Part(key, bytes.get(i), i));
            }
        }
        good.sort(Part.ORDER);
        return new Parts(List.copyOf(good), List.copyOf(bad));
    }

    /** What may be signed: keys of this issuer, whose books these are, which can still be spent. */
    static Predicate<KeyRow> sold(String issuer, long now) {
        return key -> key.terms().mine() && key.isOf(issuer) && key.spendable(now);
    }

    // ---- what is written

    /** Writes the act; its id, or null if the same owner has one already. */
    @Nullable
    Long begin(List<Part> used, List<Part> signed) throws SQLException {
        return insert(session, use(used, signed));
    }

    /** As {@link #begin}, of an act that {@link #use} has described. */
    static @Nullable Long insert(Session session, TokenUse use) throws SQLException {
        return session.change(
                TokenSql.INSERT_USE,
                row -> row.getLong(1),
                use.kind(),
                use.owner(),
                use.epoch(),
                use.value(),
                use.firstOver(),
                use.keepUntil(),
                use.parts(),
                use.rowHash());
    }

    /** Writes the act anew, with what became of it. */
    void complete(long id, List<Part> used) throws SQLException {
        TokenUse use = use(used, List.of());
        session.updateOne(
                TokenSql.COMPLETE_USE,
                use.epoch(),
                use.value(),
                use.firstOver(),
                use.keepUntil(),
                use.parts(),
                use.rowHash(),
                id);
    }

    /** Whether the owner has done just this, and it was not given up. */
    boolean isDone(List<Part> used, List<Part> signed) throws SQLException {
        TokenUse.Stored stored = TokenUse.find(session, owner, kind);
        return stored != null && stored.use().equals(use(used, signed));
    }

    TokenUse use(List<Part> used, List<Part> signed) {
        TokenParts hash = new TokenParts();
        used.forEach(part -> hash.used(part.key().epoch(), part.bytes()));
        signed.forEach(part -> hash.signed(part.key().epoch(), part.bytes()));
        List<Part> both = new ArrayList<>(used);
        both.addAll(signed);
        return new TokenUse(
                kind.name(),
                owner,
                both.get(0).key().epoch(),
                new Parts(used.isEmpty() ? signed : used, List.of()).value(),
                both.stream().mapToLong(TokenAct::over).min().orElseThrow(),
                both.stream().mapToLong(TokenAct::over).max().orElseThrow(),
                hash.text(),
                null);
    }

    private static long over(Part part) {
        return part.key().terms().swapUntil().toEpochMilli();
    }

    /** Uses tokens up for the act; the indexes of those that somebody else has, rising. */
    List<Integer> claim(long use, List<Part> used, long now) throws SQLException {
        List<Integer> spent = new ArrayList<>();
        for (Part part : used) {
            if (!claim(use, part, now)) {
                spent.add(part.index());
            }
        }
        spent.sort(null);
        return spent;
    }

    boolean claim(long use, Part part, long now) throws SQLException {
        int epoch = part.key().epoch();
        if (session.update(TokenSql.CLAIM, epoch, part.bytes(), use) == 1) {
            session.counts().used(epoch);
            return true;
        }
        return session.update(TokenSql.CLAIM_ANEW, use, epoch, part.bytes(), now) == 1;
    }

    /** Writes messages down as signed for the act; the indexes of those that were signed before, rising. */
    List<Integer> sign(long use, List<Part> signed) throws SQLException {
        List<Integer> before = new ArrayList<>();
        for (Part part : signed) {
            int epoch = part.key().epoch();
            if (session.update(TokenSql.ISSUE, epoch, part.bytes(), use) == 1) {
                session.counts().issued(epoch);
            } else {
                before.add(part.index());
            }
        }
        before.sort(null);
        return before;
    }
}
