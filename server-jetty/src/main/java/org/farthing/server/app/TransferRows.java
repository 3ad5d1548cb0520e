package org.farthing.server.app;

import java.util.Arrays;
import java.util.List;
import org.farthing.server.ledger.Transfer;

/** Transfers as data: the columns of the statement and of the export (operations.md, F-OP-20). */
final class TransferRows {

    private static final List<String> NAMES = List.of(
            "sequence",
            "id",
            "kind",
            "wallet",
            "challengeId",
            "from",
            "to",
            "currency",
            "amount",
            "method",
            "note",
            "at");

    private final DataRows rows;

    TransferRows(DataFormat format, Outlet outlet) {
        this.rows = new DataRows(format, NAMES, outlet);
    }

    void add(Transfer transfer) {
        rows.add(Arrays.asList(
                transfer.sequence(),
                transfer.id(),
                transfer.kind().name(),
                transfer.wallet(),
                transfer.challengeId(),
                transfer.from(),
                transfer.to(),
                transfer.currency(),
                Long.toString(transfer.amount()),
                transfer.method(),
                transfer.note(),
                DataRows.time(transfer.at())));
    }
}
