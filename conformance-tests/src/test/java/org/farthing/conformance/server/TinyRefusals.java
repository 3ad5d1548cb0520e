package org.farthing.conformance.server;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/** How {@link TinyPayee} says no. */
final class TinyRefusals {

    /** Ends a request with an answer. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient TinyAnswer answer;

        Refusal(TinyAnswer answer) {
            super("status " + answer.status);
            this.answer = answer;
        }

        TinyAnswer answer() {
            return answer;
        }
    }

    /**
     * What is refused.
     *
     * @param page the page that was asked for
     * @param request the request
     * @param origin whose page it is
     * @param credential the field value that came, or null
     * @param challenge the challenge it names, or null
     */
    record Asked(
            TinyPage page,
            TinyRequest request,
            Origin origin,
            @Nullable String credential,
            @Nullable Challenge challenge) {

        /** The same with the credential that came. */
        Asked with(String value, @Nullable Challenge echo) {
            return new Asked(page, request, origin, value, echo);
        }
    }

    private final TinyOffers offers;
    private final Set<Fault> faults;

    TinyRefusals(TinyOffers offers, Set<Fault> faults) {
        this.offers = offers;
        this.faults = faults;
    }

    /** 402 with challenges. */
    Refusal pay(Asked asked, ProblemType type, String detail) {
        return pay(asked, type, detail, Map.of());
    }

    /** 402 with challenges, and more members in the problem. */
    Refusal pay(Asked asked, ProblemType type, String detail, Map<String, String> members) {
        boolean unpaid = type == ProblemType.PAYMENT_REQUIRED;
        TinyAnswer answer = problem(asked, type, unpaid ? statusOfUnpaid() : statusOfRefused(), detail, members);
        if (unpaid || !faults.contains(Fault.REFUSAL_WITHOUT_CHALLENGE)) {
            offers.fields(asked.page(), asked.request(), asked.origin())
                    .forEach(challenge -> answer.add("WWW-Authenticate", challenge));
        }
        if (faults.contains(Fault.CORS_FOR_ALL)) {
            answer.add("Access-Control-Allow-Origin", "*").add("Access-Control-Expose-Headers", "WWW-Authenticate");
        }
        if (faults.contains(Fault.CHALLENGE_CACHEABLE)) {
            answer.remove("Cache-Control");
        }
        return new Refusal(answer.add(
                "Vary",
                faults.contains(Fault.LANGUAGE_WITHOUT_VARY) ? "Authorization" : "Authorization, Accept-Language"));
    }

    private int statusOfUnpaid() {
        return faults.contains(Fault.UNPAID_IS_401) ? 401 : 402;
    }

    private int statusOfRefused() {
        return faults.contains(Fault.REFUSAL_IS_401) ? 401 : 402;
    }

    /** A problem without challenges. */
    Refusal no(Asked asked, ProblemType type, String detail) {
        TinyAnswer answer = problem(asked, type, type.defaultStatus(), detail);
        if (type.defaultStatus() == 409 || type.defaultStatus() == 503) {
            answer.put("Retry-After", "1");
        }
        if (faults.contains(Fault.NO_RETRY_AFTER)) {
            answer.remove("Retry-After");
        }
        return new Refusal(answer);
    }

    /** The answer of a problem. */
    TinyAnswer problem(Asked asked, ProblemType type, int status, String detail) {
        return problem(asked, type, status, detail, Map.of());
    }

    private TinyAnswer problem(Asked asked, ProblemType type, int status, String detail, Map<String, String> members) {
        String requestId = UUID.randomUUID().toString();
        TinyAnswer answer =
                new TinyAnswer(status).add("Cache-Control", "no-store").add("X-Request-Id", requestId);
        Problem problem = Problem.of(shown(type), detail + leak(asked))
                .withStatus(faults.contains(Fault.PROBLEM_STATUS_DIFFERS) ? 418 : status)
                .withRequestId(requestId);
        for (Map.Entry<String, String> member : members.entrySet()) {
            problem = problem.with(member.getKey(), member.getValue());
        }
        Challenge challenge = asked.challenge();
        if (challenge != null && ChargeOutcome.canName(challenge.id())) {
            problem = problem.with("challengeId", challenge.id());
            outcome(answer, challenge, stateOf(type));
        }
        if (challenge == null && faults.contains(Fault.OUTCOME_UNASKED)) {
            answer.put("Payment-Outcome", "refused;id=\"none\"");
        }
        if (challenge != null && faults.contains(Fault.ID_WRITTEN_RAW)) {
            answer.add("X-Challenge", challenge.id());
        }
        if (asked.credential() != null && faults.contains(Fault.RECEIPT_ON_ERRORS)) {
            answer.add("Payment-Receipt", "eyJzdGF0dXMiOiJzdWNjZXNzIn0");
        }
        if (faults.contains(Fault.REFUSAL_CACHEABLE) && asked.credential() != null) {
            answer.put("Cache-Control", "public, max-age=60");
        }
        return body(answer, problem);
    }

    private TinyAnswer body(TinyAnswer answer, Problem problem) {
        if (faults.contains(Fault.NO_PROBLEM_BODY)) {
            return answer.body("text/plain", problem.detail());
        }
        String json = problem.toJson();
        boolean own = faults.contains(Fault.OWN_PROBLEM_TYPES);
        return answer.body(
                "application/problem+json",
                own ? json.replace("https://paymentauth.org/", "https://tiny.example/") : json);
    }

    private ProblemType shown(ProblemType type) {
        return faults.contains(Fault.ONE_PROBLEM_FOR_ALL) ? ProblemType.PAYMENT_REQUIRED : type;
    }

    private String leak(Asked asked) {
        if (faults.contains(Fault.STACK_TRACE_IN_ERROR) && asked.credential() != null) {
            return " java.lang.IllegalStateException\n\tat org.tiny.Gate.check(Gate.java:42)";
        }
        return faults.contains(Fault.CREDENTIAL_IN_ERROR) && asked.credential() != null
                ? " You sent " + asked.credential()
                : "";
    }

    private static ChargeOutcome.State stateOf(ProblemType type) {
        return switch (type) {
            case ALREADY_FULFILLED -> ChargeOutcome.State.CAPTURED;
            case REQUEST_IN_PROGRESS -> ChargeOutcome.State.PENDING;
            case PAYMENT_RELEASED -> ChargeOutcome.State.RELEASED;
            default -> ChargeOutcome.State.REFUSED;
        };
    }

    /** Says what became of the money. */
    void outcome(TinyAnswer answer, Challenge challenge, ChargeOutcome.State state) {
        if (!faults.contains(Fault.NO_OUTCOME)) {
            boolean wrong = faults.contains(Fault.OUTCOME_WRONG) && state != ChargeOutcome.State.CAPTURED;
            answer.put(
                    "Payment-Outcome",
                    new ChargeOutcome(wrong ? ChargeOutcome.State.CAPTURED : state, challenge.id()).format());
        }
    }
}
