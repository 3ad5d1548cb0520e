package org.farthing.server.app;

import java.io.PrintWriter;
import java.util.List;
import org.farthing.server.ledger.TokenReports;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadStatus;

/** Prints the tokens that were taken of issuers elsewhere and are not redeemed: for people, without a byte of a token. */
record TakenTokens(TokenReports tokens, PrintWriter out) {

    private static final int PAGE = 1000;

    /** How it stands with each issuer; returns how many tokens were refused. */
    long printStatus() {
        long failed = 0;
        for (UploadStatus status : tokens.uploadStatus().toCompletableFuture().join()) {
            out.println(status.issuer() + ": trusted with " + Shown.amount(status.open(), status.currency())
                    + " in tokens now, " + status.waiting() + " waiting, " + status.failed() + " failed ("
                    + Shown.amount(status.failedAmount(), status.currency()) + ")"
                    + (status.redeemBy() == null ? "" : ", to be presented before " + status.redeemBy()));
            failed += status.failed();
        }
        return failed;
    }

    /** What was refused, then what waits; returns how many there are. */
    long print() {
        return print(TokenUpload.State.FAILED) + print(TokenUpload.State.WAITING);
    }

    private long print(TokenUpload.State state) {
        long shown = 0;
        long after = 0;
        List<TokenUpload> page;
        do {
            page = tokens.uploadItems(state, after, PAGE).toCompletableFuture().join();
            for (TokenUpload upload : page) {
                out.println(line(upload));
                after = upload.seq();
                shown++;
            }
        } while (page.size() == PAGE);
        return shown;
    }

    private static String line(TokenUpload upload) {
        return OutboxNumber.shown(upload.seq()) + "  " + upload.state() + "  TOKEN  "
                + Shown.amount(upload.value(), upload.currency()) + "  " + upload.issuer()
                + (upload.attempts() == 0 ? "" : "  tried " + upload.attempts())
                + (upload.result() == null ? "" : ": " + upload.result());
    }
}
