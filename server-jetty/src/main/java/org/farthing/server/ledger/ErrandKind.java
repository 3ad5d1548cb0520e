package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How errands of one kind are kept: what differs between telling wallet services and presenting tokens. {@link ErrandSteps} has
 * what is the same.
 *
 * @param <E> what is to be told
 * @param <A> what the other party said to it
 */
interface ErrandKind<E, A> {

    /** Whose money is not certain until it was told, and in which currency. */
    record Debt(String party, String currency) {}

    /** How much of a debt an answer ends; nothing of it if the other party will not pay, or there was none. */
    record Ended(Debt debt, long amount) {}

    /** Reads what is due, those that may go together. */
    List<E> due(Session session, long now, int limit) throws SQLException;

    long seq(E errand);

    /** The same, leased until a time and counted as given out once more. */
    E leased(E errand, long until);

    /** Takes one that is still due. Arguments: until when, number, now. */
    String lease();

    /** Has one wait (again). Arguments: from when on, why, number. */
    String again();

    long seqOf(A answer);

    /** Ends a waiting errand; null if it does not wait. */
    @Nullable
    Ended end(Session session, A answer) throws SQLException;

    void lower(Session session, Debt debt, long amount) throws SQLException;

    Operation<Boolean> writeOff(long seq, String reason);
}
