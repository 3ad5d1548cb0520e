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

    private final List<Lane> lanes;

    Writers(Transactor.Opener opener, LedgerOptions options, int count) {
        lanes = IntStream.range(0, count)
                .mapToObj(i -> new Lane(
                                count == 1 ? "farthing-ledger-writer" : "farthing-ledger-writer-" + i,
                                opener,
                                options,
                                options.mostTogether())
                        .start())
                .toList();
    }

    /** Runs an operation when it is its key's turn. */
    <T> CompletionStage<T> submit(String key, Operation<T> operation) {
        return lane(key).submit(key, operation);
    }

    /** Runs an operation before everything that waits for its turn: for what ends a charge. */
    <T> CompletionStage<T> submitFirst(String key, Operation<T> operation) {
        return lane(key).submitFirst(key, operation);
    }

    private Lane lane(String key) {
        return lanes.get(Math.floorMod(key.hashCode(), lanes.size()));
    }

    /** Refuses new operations, runs those accepted, and ends the threads. */
    @Override
    public void close() {
        lanes.forEach(Lane::close);
    }
}
