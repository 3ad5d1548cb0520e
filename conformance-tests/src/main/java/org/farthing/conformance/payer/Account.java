package org.farthing.conformance.payer;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.client.PaymentOutcome;
import org.farthing.conformance.suite.Redaction;
import org.farthing.protocol.PaymentReceipt;
import org.jspecify.annotations.Nullable;

/** What a run came to, as an object for programs. */
final class Account {

    private static final int SHOWN = 2_000;

    private Account() {}

    static Map<String, @Nullable Object> of(Errand errand, Steps steps, Errand.Ended ended) {
        Map<String, @Nullable Object> account = new LinkedHashMap<>(errand.facts());
        account.put("outcome", outcome(ended.paid().outcome()));
        HttpResponse<byte[]> answer = ended.paid().answer();
        if (answer != null) {
            account.put("answer", shown(answer));
        }
        if (ended.paid().outcome() instanceof PaymentOutcome.Served served && served.receipt() != null) {
            account.put("receipt", receipt(served, served.receipt()));
        }
        if (!ended.again().isEmpty()) {
            account.put("again", again(ended));
        }
        account.put("steps", steps.taken());
        return account;
    }

    /** What became of the money, in one line. */
    static String words(PaymentOutcome outcome) {
        if (outcome instanceof PaymentOutcome.Served served) {
            return "paid " + served.payment().proposal().money().format() + ", receipt " + served.receiptStatus();
        }
        if (outcome instanceof PaymentOutcome.Declined declined) {
            return "not paid: " + declined.why() + " (" + declined.words() + ")";
        }
        if (outcome instanceof PaymentOutcome.NotCharged released) {
            return "not charged: " + released.evidence();
        }
        if (outcome instanceof PaymentOutcome.Unknown unknown) {
            return "not known: " + unknown.words();
        }
        return "nothing was asked for";
    }

    private static Map<String, @Nullable Object> outcome(PaymentOutcome outcome) {
        if (outcome instanceof PaymentOutcome.Served served) {
            return Steps.facts(
                    "kind", "served",
                    "paid", served.payment().proposal().money().format(),
                    "recipient", served.payment().proposal().recipient());
        }
        if (outcome instanceof PaymentOutcome.Declined declined) {
            return Steps.facts("kind", "declined", "why", declined.why().name(), "words", declined.words());
        }
        if (outcome instanceof PaymentOutcome.NotCharged released) {
            return Steps.facts(
                    "kind", "not-charged", "evidence", released.evidence().name());
        }
        if (outcome instanceof PaymentOutcome.Unknown unknown) {
            return Steps.facts("kind", "unknown", "words", unknown.words());
        }
        return Steps.facts("kind", "free");
    }

    /** The answer as it may be shown: fields that are worth money only by length and hash. */
    private static Map<String, @Nullable Object> shown(HttpResponse<byte[]> answer) {
        Map<String, Object> headers = new TreeMap<>();
        answer.headers().map().forEach((name, values) -> {
            List<String> shown = new ArrayList<>();
            for (String value : values) {
                shown.add(Redaction.message(name + ": " + value).substring(name.length() + 2));
            }
            headers.put(name, shown);
        });
        String body = Redaction.message(new String(answer.body(), StandardCharsets.UTF_8));
        return Steps.facts(
                "status",
                answer.statusCode(),
                "headers",
                headers,
                "bodyBytes",
                answer.body().length,
                "body",
                body.length() > SHOWN ? body.substring(0, SHOWN) : body);
    }

    private static Map<String, @Nullable Object> receipt(PaymentOutcome.Served served, PaymentReceipt receipt) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(receipt.members());
        members.remove("jws");
        members.remove("pass");
        return Steps.facts("verdict", served.receiptStatus().name(), "members", members);
    }

    private static List<Map<String, @Nullable Object>> again(Errand.Ended ended) {
        List<Map<String, @Nullable Object>> again = new ArrayList<>();
        for (HttpResponse<byte[]> answer : ended.again()) {
            again.add(shown(answer));
        }
        return again;
    }
}
