package org.farthing.server.app;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Ledger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The number of something in the outbox as {@code outbox list} shows it: {@code 17} for what a wallet service is told, {@code t17}
 * for a token that an issuer redeems.
 */
record OutboxNumber(boolean token, long seq) {

    private static final String FORM = "t?[0-9]{1,18}";

    static OutboxNumber of(String typed, CommandSpec spec) {
        if (!typed.matches(FORM)) {
            throw new ParameterException(
                    spec.commandLine(), "A number is one that outbox list shows, such as 17 or t17, not: " + typed);
        }
        boolean token = typed.startsWith("t");
        return new OutboxNumber(token, Long.parseLong(token ? typed.substring(1) : typed));
    }

    static String shown(long tokenSeq) {
        return "t" + tokenSeq;
    }

    CompletionStage<Boolean> again(Ledger ledger, String why) {
        return token
                ? ledger.tokens()
                        .uploads()
                        .again(List.of(seq), Duration.ZERO, why)
                        .thenApply(waiting -> waiting == 1)
                : ledger.outbox().again(seq, Duration.ZERO, why);
    }

    CompletionStage<Boolean> writeOff(Ledger ledger, String reason) {
        return token
                ? ledger.tokens().uploads().writeOff(seq, reason)
                : ledger.outbox().writeOff(seq, reason);
    }
}
