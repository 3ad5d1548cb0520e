package org.farthing.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.ChallengeCheck.Keys;
import org.farthing.client.ReceiptCheck.KeyRefresh;
import org.farthing.client.budget.JournalEntry;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.jspecify.annotations.Nullable;

/** The release statement of an answer, if the payee that was paid signed it about this payment (F-OU-23). */
final class ReleaseCheck {

    private ReleaseCheck() {}

    /** Finds and checks it; anything that does not hold is no statement. */
    static CompletableFuture<Optional<ReleaseStatement>> of(
            Payer payer, Reply reply, @Nullable Problem problem, JournalEntry entry, Keys keys, KeyRefresh refresh) {
        Optional<ReleaseStatement> statement = find(reply, problem)
                .filter(found -> found.recipient().equals(entry.proposal().recipient()));
        if (statement.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Keys> known =
                keys.ofPayee() == null ? refresh.newer() : CompletableFuture.completedFuture(keys);
        return known.handle((found, failure) ->
                statement.filter(said -> found != null && holds(payer, said, entry, found.ofPayee())));
    }

    /** In the problem, where the payee speaks itself; in the field, where its application does (F-OU-24). */
    private static Optional<ReleaseStatement> find(Reply reply, @Nullable Problem problem) {
        try {
            if (problem != null && problem.extensions().get("release") instanceof Map<?, ?> members) {
                return Optional.of(ReleaseStatement.parse(texts(members)));
            }
            List<String> fields = reply.values("Payment-Release");
            return fields.size() == 1 ? Optional.of(ReleaseStatement.parseField(fields.get(0))) : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> texts(Map<?, ?> members) {
        Map<String, Object> texts = new TreeMap<>();
        members.forEach((name, value) -> {
            if (name instanceof String key && value instanceof String text) {
                texts.put(key, text);
            }
        });
        return texts;
    }

    private static boolean holds(
            Payer payer, ReleaseStatement statement, JournalEntry entry, @Nullable KeyDirectory ofPayee) {
        try {
            if (ofPayee != null) {
                statement.verify(ofPayee, entry.challengeId(), payer.clock().instant());
            }
            return ofPayee != null;
        } catch (SignatureRejectedException e) {
            return false;
        }
    }
}
