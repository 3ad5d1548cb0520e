package org.farthing.conformance.payer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.farthing.client.PaymentEvent;
import org.farthing.client.PaymentListener;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.jspecify.annotations.Nullable;

/** Takes down what the paying client does: as lines for people when it happens, and as objects for programs. Nothing of it is secret. */
final class Steps implements PaymentListener {

    private final Consumer<String> lines;
    private final List<Map<String, @Nullable Object>> steps = new ArrayList<>();

    Steps(Consumer<String> lines) {
        this.lines = lines;
    }

    /** The steps so far. */
    synchronized List<Map<String, @Nullable Object>> taken() {
        return List.copyOf(steps);
    }

    /** A step: its name, the line for people, and names and values for programs. */
    synchronized void add(String name, String line, Map<String, ? extends @Nullable Object> facts) {
        Map<String, @Nullable Object> step = new LinkedHashMap<>();
        step.put("step", name);
        step.putAll(facts);
        steps.add(step);
        lines.accept(String.format(java.util.Locale.ROOT, "%-9s %s", name, line));
    }

    @Override
    public void on(PaymentEvent event) {
        if (event instanceof PaymentEvent.PaymentRequired asked) {
            asked(asked);
        } else if (event instanceof PaymentEvent.Passed passed) {
            add(
                    "passed",
                    passed.declined().why() + ": " + passed.declined().words(),
                    facts(
                            "challenge", passed.challenge().id(),
                            "why", passed.declined().why().name(),
                            "words", passed.declined().words()));
        } else if (event instanceof PaymentEvent.Checked checked) {
            String price = checked.proposal().money().format();
            add(
                    "checked",
                    price + " to " + checked.proposal().recipient()
                            + (checked.signed() ? ", signature holds" : ", not signed"),
                    facts(
                            "challenge", checked.challenge().id(),
                            "price", price,
                            "recipient", checked.proposal().recipient(),
                            "signed", checked.signed()));
        } else {
            paying(event);
        }
    }

    private void paying(PaymentEvent event) {
        if (event instanceof PaymentEvent.Signed signed) {
            add("signed", "credential " + signed.fingerprint(), facts("credential", signed.fingerprint()));
        } else if (event instanceof PaymentEvent.Sending sending) {
            add("sent", "attempt " + sending.attempt(), facts("attempt", sending.attempt()));
        } else if (event instanceof PaymentEvent.Answered answered) {
            String outcome =
                    answered.outcome() == null ? null : answered.outcome().token();
            add(
                    "answered",
                    answered.status() + (outcome == null ? "" : ", Payment-Outcome " + outcome),
                    facts("status", answered.status(), "outcome", outcome));
        } else if (event instanceof PaymentEvent.Waiting waiting) {
            add(
                    "waiting",
                    waiting.pause().toMillis() + " ms: " + waiting.words(),
                    facts("milliseconds", waiting.pause().toMillis(), "why", waiting.words()));
        }
    }

    private void asked(PaymentEvent.PaymentRequired asked) {
        List<Map<String, @Nullable Object>> challenges = new ArrayList<>();
        for (Challenge challenge : asked.challenges()) {
            challenges.add(shown(challenge));
        }
        List<String> skipped = new ArrayList<>();
        for (MalformedException fault : asked.skipped()) {
            skipped.add(fault.getMessage());
        }
        add(
                "asked",
                challenges.size()
                        + (challenges.size() == 1 ? " offer" : " offers")
                        + (skipped.isEmpty() ? "" : "; " + skipped.size() + " cannot be read: " + skipped),
                facts("challenges", challenges, "unreadable", skipped));
    }

    private static Map<String, @Nullable Object> shown(Challenge challenge) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", challenge.id());
        shown.put("realm", challenge.realm());
        shown.put("method", challenge.method());
        shown.put("intent", challenge.intent());
        try {
            shown.put("request", challenge.requestMembers());
            PaymentRequest request = challenge.paymentRequest();
            shown.put("amount", request.amount().format());
            shown.put("currency", request.currency().text());
        } catch (MalformedException others) {
            shown.put("requestOfOthers", String.valueOf(others.getMessage()));
        }
        shown.put("expires", challenge.expires());
        shown.put("signed", challenge.jws() != null);
        return shown;
    }

    /** Names and values in their order; a null value is left out. */
    static Map<String, @Nullable Object> facts(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                facts.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
            }
        }
        return facts;
    }
}
