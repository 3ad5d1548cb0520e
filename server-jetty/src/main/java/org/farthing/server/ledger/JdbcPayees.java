package org.farthing.server.ledger;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The registered payees on the ledger's lanes. */
final class JdbcPayees implements Payees {

    private static final int MAX_DOCUMENT = 65_536;

    private final Writers writer;
    private final Lane lookups;
    private final Lane reports;

    JdbcPayees(Writers writer, Lane lookups, Lane reports) {
        this.writer = writer;
        this.lookups = lookups;
        this.reports = reports;
    }

    @Override
    public CompletionStage<Optional<Payee>> find(String origin) {
        return lookups.submit(origin, PayeeSteps.find(origin));
    }

    @Override
    public CompletionStage<Put> put(
            String origin, boolean deferred, Payee.Status status, @Nullable String keyDocument) {
        Arguments.text("origin", origin, 300);
        String document = keyDocument == null ? null : document(keyDocument);
        return writer.submit(origin, PayeeSteps.put(origin, deferred, status, document));
    }

    @Override
    public CompletionStage<Optional<Payee>> keys(String origin, String keyDocument) {
        return writer.submit(origin, PayeeSteps.keys(origin, document(keyDocument)));
    }

    @Override
    public CompletionStage<List<Payee>> list(@Nullable String after, int limit) {
        return reports.submit(FairQueue.NOBODY, PayeeSteps.list(after, Arguments.limit(limit)));
    }

    /** Kept as it came: whoever reads it parses it again. */
    private static String document(String text) {
        if (text.isEmpty() || text.length() > MAX_DOCUMENT) {
            throw new IllegalArgumentException(
                    "a key document has 1 to " + MAX_DOCUMENT + " characters, this one " + text.length());
        }
        return text;
    }
}
