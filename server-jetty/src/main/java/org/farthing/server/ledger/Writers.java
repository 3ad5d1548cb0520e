package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * What writes for a node. An embedded store has one writer. On a store across a network one would mostly wait for answers, so
 * several share the work there; what has the same key is always the same one's, and so never waits for a row that another
 * writer of this node has locked.
 */
final class Writers implements AutoCloseable {

    private static final String NAME = "farthing-ledger-writer";

    private final List<Lane> lanes;
    private final Lane manyWallets;

    Writers(Transactor.Opener opener, LedgerOptions options, int count) {
        int most = options.mostTogether();
        if (count == 1) {
            manyWallets = new Lane(NAME, opener, options, most).start();
            lanes = List.of(manyWallets);
        } else {
            manyWallets = new Lane(NAME + "-alone", opener, options, 1).start();
            lanes = IntStream.range(0, count)
                    .mapToObj(i -> new Lane(NAME + "-" + i, opener, options, most).start())
                    .toList();
        }
    }

    /** Runs an operation when it is its key's turn. */
    <T> CompletionStage<T> submit(String key, Operation<T> operation) {
        return lane(key).submit(key, operation);
    }

    /** Runs an operation before everything that waits for its turn: for what ends a charge. */
    <T> CompletionStage<T> submitFirst(String key, Operation<T> operation) {
        return lane(key).submitFirst(key, operation);
    }

    /**
     * Runs an operation that locks the rows of many wallets. Where others lock rows, too, it shares no transaction: what it
     * locks is in order, but behind it nothing else would be.
     */
    <T> CompletionStage<T> submitAlone(String key, Operation<T> operation) {
        return manyWallets.submit(key, operation);
    }

    private Lane lane(String key) {
        return lanes.get(Math.floorMod(key.hashCode(), lanes.size()));
    }

    /** Refuses new operations, runs those accepted, and ends the threads. */
    @Override
    public void close() {
        lanes.forEach(Lane::close);
        manyWallets.close();
    }
}
