package org.farthing.server.jetty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.server.gate.Decision;
import org.farthing.server.gate.Settled;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.offer.CredentialField;
import org.jspecify.annotations.Nullable;

/** Writes what the gate decided onto one response (specification: server.md, "Fields on each answer"). */
final class GateReply {

    private static final Set<String> PAYING = Set.of("pay", "top-up", "buy", "renew", "upgrade");

    /** Bytes of an unpaid upload that are taken in over HTTP/2 before the answer (F-SV-44). */
    private static final int DRAINED = 65_536;

    private final Request request;
    private final Response response;
    private final List<String> credentialFields;
    private final CrossOrigin crossOrigin;
    private final boolean translated;

    GateReply(
            Request request,
            Response response,
            Set<CredentialField> selected,
            CrossOrigin crossOrigin,
            boolean translated) {
        this.translated = translated;
        this.request = request;
        this.response = response;
        this.crossOrigin = crossOrigin;
        // Authorization always: a credential that stands there is answered, though it may not count.
        EnumSet<CredentialField> fields = EnumSet.of(CredentialField.AUTHORIZATION);
        fields.addAll(selected);
        this.credentialFields = fields.stream().map(CredentialField::fieldName).toList();
    }

    void demand(Decision.Demand demand, Callback callback) {
        HttpFields.Mutable fields = response.getHeaders();
        for (Challenge challenge : demand.challenges()) {
            fields.add(HttpHeader.WWW_AUTHENTICATE, challenge.format());
        }
        demand.others().forEach(challenge -> fields.add(HttpHeader.WWW_AUTHENTICATE, challenge));
        retryAfter(demand.retryAfter());
        if (translated) {
            AnswerFields.vary(fields, List.of("Accept-Language"));
        }
        problem(demand.problem(), demand.outcome(), callback);
    }

    void refuse(Decision.Refuse refuse, Callback callback) {
        retryAfter(refuse.retryAfter());
        problem(refuse.problem(), refuse.outcome(), callback);
    }

    private void retryAfter(@Nullable Duration wait) {
        if (wait != null) {
            long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
            response.getHeaders().put(HttpHeader.RETRY_AFTER, Long.toString(seconds));
        }
    }

    void replay(Decision.Replay replay, Callback callback) {
        StoredOutcome stored = replay.stored();
        HttpFields.Mutable fields = response.getHeaders();
        List<String> names = new ArrayList<>();
        HttpFields.Mutable trailers = HttpFields.build();
        for (StoredOutcome.Field field : stored.fields()) {
            HttpField trailer = AnswerFields.trailer(field);
            if (trailer != null) {
                trailers.add(trailer);
            } else if (names.contains(field.name())) {
                fields.add(field.name(), field.value());
            } else {
                fields.put(field.name(), field.value());
                names.add(field.name());
            }
        }
        response.setStatus(stored.status());
        paid(new Settled.Deliver(replay.outcome(), stored.receipt().orElse(null), null), stored.status(), fields);
        fields.put(AnswerFields.REPLAYED, "true");
        if (trailers.size() > 0) {
            response.setTrailersSupplier(() -> trailers);
        }
        response.write(true, stored.body().orElseThrow(), callback);
    }

    /** Adds what belongs on the handler's own answer. */
    void paid(Settled.Deliver deliver, int status, HttpFields.Mutable fields) {
        closeIfUnread();
        AnswerFields.paid(fields, deliver.outcome(), deliver.receipt(), status);
        if (deliver.release() != null) {
            fields.put(AnswerFields.RELEASE, deliver.release());
        }
        AnswerFields.vary(fields, credentialFields);
        crossOrigin.answer(request, fields);
        fields.put(RequestId.FIELD, RequestId.of(request));
    }

    private void problem(Problem problem, @Nullable ChargeOutcome outcome, Callback callback) {
        HttpFields.Mutable fields = response.getHeaders();
        closeIfUnread();
        AnswerFields.vary(fields, credentialFields);
        crossOrigin.answer(request, fields);
        if (outcome != null) {
            fields.put(AnswerFields.OUTCOME, outcome.format());
        }
        problem.resolutions().stream()
                .findFirst()
                .filter(way -> PAYING.contains(way.rel()))
                .ifPresent(way -> fields.add(HttpHeader.LINK, "<" + way.href() + ">; rel=\"payment\""));
        afterUpload(callback, () -> ProblemReply.write(request, response, callback, problem));
    }

    /**
     * Ending an HTTP/2 stream whose upload was not read resets it, and clients exist that lose the answer then. A small
     * body that is announced is therefore taken in first (F-SV-44); one that waits for 100 (Continue) never comes.
     */
    private void afterUpload(Callback callback, Runnable answer) {
        long announced = request.getLength();
        if (isHttp1()
                || announced <= 0
                || announced > DRAINED
                || request.getHeaders().contains(HttpHeader.EXPECT)) {
            answer.run();
        } else {
            SmallBody.read(request, DRAINED).whenComplete((body, failure) -> {
                try {
                    answer.run();
                } catch (RuntimeException e) {
                    // Thrown here it would reach nobody, and the stream would hang.
                    callback.failed(e);
                }
            });
        }
    }

    /** What is left of a body is not drained, so the connection cannot be used again (F-SV-34). */
    private void closeIfUnread() {
        if (isHttp1() && !request.consumeAvailable()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
    }

    private boolean isHttp1() {
        return request.getConnectionMetaData().getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
    }
}
