package org.farthing.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * What an answer to a credential says of the money: the table of spec/outcome.md ("The payer's rules").
 *
 * @param meaning the row
 * @param claimed the state in {@code Payment-Outcome}, if that field can be believed to be about this payment; else null
 * @param problem the problem in the body, if there is one; else null
 */
record AnswerReading(
        Meaning meaning,
        ChargeOutcome.@Nullable State claimed,
        @Nullable Problem problem) {

    private static final int CONFLICT = 409;

    /** The rows of the table. */
    enum Meaning {
        /** Charged; done. */
        CHARGED,
        /** Not charged, says the payee. */
        NOT_CHARGED,
        /** Not known yet: send the same bytes again. */
        ASK_AGAIN,
        /** Not known, and asking again would not tell: stop. */
        UNCLEAR
    }

    static AnswerReading of(Reply reply, String challengeId) {
        ChargeOutcome.State claimed =
                ChargeOutcome.find(reply.values("Payment-Outcome"), challengeId).orElse(null);
        Problem problem = problem(reply.heldBody());
        return new AnswerReading(meaning(reply.status(), claimed, problem), claimed, problem);
    }

    private static Meaning meaning(int status, ChargeOutcome.@Nullable State claimed, @Nullable Problem problem) {
        boolean success = status >= 200 && status < 300;
        if (claimed == null) {
            return unclaimed(status, success, problem);
        }
        return switch (claimed) {
            case CAPTURED -> Meaning.CHARGED;
            case RELEASED, REFUSED -> Meaning.NOT_CHARGED;
            case PENDING -> success ? Meaning.CHARGED : Meaning.ASK_AGAIN;
        };
    }

    /** Other servers do not send the field; what they say otherwise counts only where it cannot cost a second payment. */
    private static Meaning unclaimed(int status, boolean success, @Nullable Problem problem) {
        ProblemType type = problem == null ? null : problem.type();
        if (success || (status == CONFLICT && type == ProblemType.ALREADY_FULFILLED)) {
            return Meaning.CHARGED;
        }
        boolean running = status == CONFLICT && type == ProblemType.REQUEST_IN_PROGRESS;
        return running || status >= 500 ? Meaning.ASK_AGAIN : Meaning.UNCLEAR;
    }

    private static @Nullable Problem problem(byte @Nullable [] body) {
        try {
            return body == null || body.length == 0 ? null : Problem.parse(body);
        } catch (MalformedException none) {
            return null;
        }
    }

    /** Whether the request may have had effects: then an unsafe one is not repeated by itself (F-OU-15). */
    boolean mayHaveExecuted() {
        return problem == null || !problem.text("executed").equals(Optional.of("no"));
    }

    /** What {@code Retry-After} asks for: seconds or a date; empty if it stands not there, or says something else. */
    static Optional<Duration> retryAfter(Reply reply, Instant now) {
        return reply.values("Retry-After").stream()
                .findFirst()
                .map(String::strip)
                .flatMap(text -> {
                    try {
                        if (text.matches("[0-9]{1,9}")) {
                            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
                        }
                        Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant();
                        return Optional.of(date.isBefore(now) ? Duration.ZERO : Duration.between(now, date));
                    } catch (DateTimeException e) {
                        return Optional.empty();
                    }
                });
    }
}
