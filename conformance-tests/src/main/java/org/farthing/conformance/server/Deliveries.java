package org.farthing.conformance.server;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.NotAsExpected;

/** Tells a stored answer that is sent again from a second delivery, and counts on the site's counter where it has one. */
final class Deliveries {

    private final Visit visit;
    private final Optional<Page> counter;
    private final OptionalLong before;

    Deliveries(Visit visit, PageName counter) {
        this.visit = visit;
        this.counter = visit.site().page(counter);
        this.before = count();
    }

    private OptionalLong count() {
        if (counter.isEmpty()) {
            return OptionalLong.empty();
        }
        String text = visit.unpaid(counter.get()).text().strip();
        NotAsExpected.unless(text.matches("[0-9]{1,18}"), "a number from the counter page", text);
        return OptionalLong.of(Long.parseLong(text));
    }

    /** How often the application ran since this was made, if the site has a counter. */
    OptionalLong since() {
        OptionalLong now = count();
        return now.isEmpty() ? now : OptionalLong.of(now.getAsLong() - before.orElse(0));
    }

    /** Fails unless all later answers are refusals or the first one again, and the application ran once. */
    void requireOne(RawAnswer first, List<RawAnswer> later) {
        for (RawAnswer answer : later) {
            if (answer.isSuccess()) {
                boolean receipt = answer.has("Payment-Receipt");
                boolean same = answer.status() == first.status()
                        && answer.text().equals(first.text())
                        && answer.all("Payment-Receipt").equals(first.all("Payment-Receipt"));
                NotAsExpected.unless(
                        same && receipt,
                        "a refusal, or the first answer again with its receipt",
                        receipt ? "another delivery" : "a delivery without anything that ties it to the first payment");
            }
        }
        since().ifPresent(
                        ran -> NotAsExpected.unless(ran == 1, "the application runs once", "it ran " + ran + " times"));
    }
}
