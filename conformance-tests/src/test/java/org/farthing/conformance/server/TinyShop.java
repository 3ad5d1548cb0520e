package org.farthing.conformance.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The application behind {@link TinyPayee}. */
final class TinyShop {

    private static final long SLOW_MILLIS = 150;
    private static final int LARGE = 256 * 1024;

    private final Map<TinyPage, AtomicLong> runs = new EnumMap<>(TinyPage.class);
    private final AtomicLong served = new AtomicLong();

    TinyShop() {
        for (TinyPage page : TinyPage.values()) {
            runs.put(page, new AtomicLong());
        }
    }

    /** How often the application of a page ran. */
    long runs(TinyPage page) {
        return runs.getOrDefault(page, new AtomicLong()).get();
    }

    TinyAnswer serve(TinyPage page, TinyRequest request, Set<Fault> faults) {
        runs.getOrDefault(page, new AtomicLong()).incrementAndGet();
        if (page.takesBody() && request.method.equals("GET")) {
            return new TinyAnswer(405).add("Allow", "POST");
        }
        return switch (page) {
            case MISSING -> new TinyAnswer(faults.contains(Fault.MISSING_IS_402) ? 402 : 404);
            case DENIED -> new TinyAnswer(faults.contains(Fault.DENIED_IS_402) ? 402 : 403);
            case FAILING -> new TinyAnswer(500);
            case COUNTER -> new TinyAnswer(200).body("text/plain", Long.toString(runs(TinyPage.PAID)));
            case COUNTER_POST -> new TinyAnswer(200).body("text/plain", Long.toString(runs(TinyPage.PAID_POST)));
            default -> page(page);
        };
    }

    private TinyAnswer page(TinyPage page) {
        if (page == TinyPage.SLOW) {
            try {
                Thread.sleep(SLOW_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        String body = "{\"page\":\"" + page.word() + "\",\"served\":\"" + served.incrementAndGet() + "\"}";
        if (page == TinyPage.LARGE) {
            body += " ".repeat(LARGE);
        }
        return new TinyAnswer(200).add("Cache-Control", "public, max-age=3600").body("application/json", body);
    }
}
