package org.farthing.conformance.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.NotAsExpected;

/** What cases ask of answers, in words the report can print. */
public final class Expect {

    /** Where the draft's problem types are named. */
    public static final String PROBLEMS = "https://paymentauth.org/problems/";

    private static final JsonMapper JSON = new JsonMapper();

    private Expect() {}

    /** A status. */
    public static void status(RawAnswer answer, int status) {
        NotAsExpected.unless(answer.status() == status, "status " + status, answer.brief() + problemOf(answer));
    }

    /**
     * 402 with at least one Payment challenge.
     *
     * @return the challenges
     */
    public static List<Offer> challenged(RawAnswer answer) {
        String wanted = "402 with WWW-Authenticate: Payment";
        NotAsExpected.unless(answer.status() == 402, wanted, answer.brief() + problemOf(answer));
        List<Offer> offers = Offer.in(answer);
        NotAsExpected.unless(!offers.isEmpty(), wanted, "402 without a Payment challenge");
        return offers;
    }

    /**
     * 402 with challenges none of which is the one that was answered.
     *
     * @param answer the answer to a credential
     * @param used the id the credential named
     * @return the challenges
     */
    public static List<Offer> refusedAfresh(RawAnswer answer, String used) {
        List<Offer> offers = challenged(answer);
        NotAsExpected.unless(
                offers.stream().noneMatch(offer -> offer.id().equals(used)),
                "a fresh challenge",
                "the challenge that was just refused, again");
        return offers;
    }

    /** A problem body of one of the draft's types, named without its address. */
    public static void problem(RawAnswer answer, String... types) {
        String found = problemType(answer).orElse("");
        boolean named = List.of(types).stream().anyMatch(type -> found.equals(PROBLEMS + type));
        NotAsExpected.unless(
                named,
                "a problem body (RFC 9457) with type " + PROBLEMS + String.join(" or ", types),
                found.isEmpty() ? "no problem type; Content-Type: " + answer.mediaType() : "type " + found);
    }

    /** Not delivered: anything but 2xx. */
    public static void notDelivered(RawAnswer answer, String why) {
        NotAsExpected.unless(!answer.isSuccess(), "no delivery: " + why, answer.brief());
    }

    /** The type of an answer's problem body. */
    public static Optional<String> problemType(RawAnswer answer) {
        return json(answer)
                .map(body -> body.path("type"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    /** An answer's JSON object. */
    public static Optional<JsonNode> json(RawAnswer answer) {
        try {
            return Optional.ofNullable(JSON.readTree(answer.text())).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** For "seen": the problem's type and detail, in brackets, or nothing. */
    public static String problemOf(RawAnswer answer) {
        return json(answer)
                .map(body -> body.path("code").asText(body.path("type").asText("")) + ": "
                        + body.path("detail").asText(""))
                .filter(text -> text.length() > 2)
                .map(text -> " (" + text + ")")
                .orElse("");
    }
}
