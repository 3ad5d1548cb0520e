package org.farthing.server.mint;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.farthing.server.mint.MintAlarm.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a mint's operator hears, in the log and from its alarm (specification: token-mint.md, F-TK-98 and F-TK-99). */
final class Notices {

    private static final Logger LOG = LoggerFactory.getLogger(Mint.class);
    private static final Duration SAY_AGAIN = Duration.ofHours(1);

    private final Setup setup;
    private final Map<String, Instant> said = new HashMap<>();

    Notices(Setup setup) {
        this.setup = setup;
    }

    /** Says that something is wrong with the keys, the same thing once an hour. */
    synchronized void keys(@Nullable String keyId, String sentence) {
        Instant now = setup.clock().instant();
        said.values().removeIf(last -> !now.isBefore(last.plus(SAY_AGAIN)));
        if (said.putIfAbsent(sentence, now) == null) {
            alarm(new MintAlarm(Kind.KEYS, keyId, sentence));
        }
    }

    /** Says something every time. */
    void alarm(MintAlarm alarm) {
        LOG.error("Mint {}: {}", setup.issuer(), alarm.sentence());
        try {
            setup.alarm().accept(alarm);
        } catch (RuntimeException e) {
            LOG.error("Whoever hears the alarms of the mint failed", e);
        }
    }
}
