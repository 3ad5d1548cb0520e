package org.farthing.server.collect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an issuer's answer means for the tokens that were presented (F-TK-111, F-TK-112).
 *
 * @param batch the tokens
 * @param answers what becomes of each, in the same order
 */
record TokenVerdict(List<TokenUpload> batch, List<UploadAnswer> answers) {

    private static final Logger LOG = LoggerFactory.getLogger(TokenCourier.class);

    /** From when on being away is an alarm. */
    private static final Duration URGENT = Duration.ofDays(2);

    private static final int TOO_MANY_REQUESTS = 429;

    /** Reads an answer; one that is not about these tokens and their value is none. */
    static TokenVerdict of(List<TokenUpload> batch, RedemptionAnswer answer) {
        if (answer.results().size() != batch.size()) {
            throw unusable(batch, "has not one word for each token");
        }
        List<UploadAnswer> answers = new ArrayList<>();
        long redeemed = 0;
        for (int i = 0; i < batch.size(); i++) {
            RedemptionAnswer.Result result = answer.results().get(i);
            boolean done = result == RedemptionAnswer.Result.ACCEPTED || result == RedemptionAnswer.Result.REPEATED;
            answers.add(new UploadAnswer(batch.get(i).seq(), done, result.name().toLowerCase(Locale.ROOT)));
            redeemed = Math.addExact(redeemed, done ? batch.get(i).value() : 0);
        }
        if (answer.amount().baseUnits() != redeemed) {
            throw unusable(batch, "is for another amount than the tokens are worth");
        }
        return new TokenVerdict(batch, answers);
    }

    private static CompletionException unusable(List<TokenUpload> batch, String how) {
        return new CompletionException(
                ServiceCallException.unreachable(batch.get(0).issuer() + " gave an answer that " + how));
    }

    /** Says it to the operator: what was earned for certain, and what is lost. */
    void announce(PaymentEvents events) {
        Map<String, Long> earned = new TreeMap<>();
        for (int i = 0; i < batch.size(); i++) {
            TokenUpload upload = batch.get(i);
            if (answers.get(i).redeemed()) {
                earned.merge(upload.currency(), upload.value(), Math::addExact);
            } else {
                LOG.error(
                        "{} does not redeem token number {} of {} {}: {}",
                        upload.issuer(),
                        upload.seq(),
                        upload.value(),
                        upload.currency(),
                        answers.get(i).result());
                record(events, Kind.COLLECT_FAILED, upload.issuer(), upload.currency(), upload.value());
            }
        }
        String issuer = batch.get(0).issuer();
        earned.forEach((currency, amount) -> {
            LOG.info("{} redeemed tokens for {} {}", issuer, amount, currency);
            record(events, Kind.COLLECTED, issuer, currency, amount);
        });
    }

    /** A listener that throws must not keep the next tokens from being presented. */
    private static void record(PaymentEvents events, Kind kind, String issuer, String currency, long amount) {
        try {
            events.record(new PaymentEvent(kind, issuer, null, Amount.of(amount), new CurrencyId(currency)));
        } catch (RuntimeException e) {
            LOG.error("A listener of payment events failed at {}", kind, e);
        }
    }

    /** Being away is a warning; being away when tokens end soon, or not knowing us, is the operator's alarm (F-TK-113). */
    static void log(ServiceCallException cause, List<TokenUpload> batch, Duration wait, Instant now) {
        String issuer = batch.get(0).issuer();
        Instant soon = now.plus(URGENT);
        if (batch.stream().anyMatch(upload -> upload.redeemUntil().isBefore(soon))) {
            LOG.error(
                    "Tokens wait for {}, which redeems some of them for less than {} more. {} Next try in {}",
                    issuer,
                    URGENT,
                    cause.getMessage(),
                    wait);
        } else if (cause.status() / 100 == 4 && cause.status() != TOO_MANY_REQUESTS) {
            LOG.error(
                    "Tokens wait for {}, and waiting may not help. {} Next try in {}",
                    issuer,
                    cause.getMessage(),
                    wait);
        } else {
            LOG.warn("Tokens wait for {}. {} Next try in {}", issuer, cause.getMessage(), wait);
        }
    }
}
