package org.farthing.conformance.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the requests of a case that come at the same moment meet in {@link TinyPayee}, however slow the machine is: faults that show
 * themselves only then show themselves each time. At the slow page alone, where nobody else would wait for nobody.
 */
final class TinyMeetings {

    /** So that nothing hangs. */
    private static final long PATIENCE_SECONDS = 20;

    private final Map<String, CountDownLatch> paying = new ConcurrentHashMap<>();
    private final CountDownLatch told = new CountDownLatch(1);

    /** Waits until another request pays the same challenge. */
    void others(TinyPage page, String challengeId) {
        if (page == TinyPage.SLOW) {
            CountDownLatch both = paying.computeIfAbsent(challengeId, id -> new CountDownLatch(2));
            both.countDown();
            await(both);
        }
    }

    /** A request comes that will have to come again later. */
    void toldToWait() {
        told.countDown();
    }

    /** Waits until there was such a request. */
    void somebodyToldToWait(TinyPage page) {
        if (page == TinyPage.SLOW) {
            await(told);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            boolean unused = latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
