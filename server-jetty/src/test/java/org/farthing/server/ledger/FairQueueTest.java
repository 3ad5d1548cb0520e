package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement({"F-ST-61", "T68"})
class FairQueueTest {

    private final FairQueue<String> queue = new FairQueue<>(4096);

    @Test
    void take_oneKeyWithManyAndOneWithFew_takesThemInTurn() {
        for (int i = 0; i < 4; i++) {
            queue.offer("busy", "busy" + i);
        }
        queue.offer("modest", "modest0");
        queue.offer("modest", "modest1");

        assertThat(all()).containsExactly("busy0", "modest0", "busy1", "modest1", "busy2", "busy3");
    }

    @Test
    void take_whatEndsACharge_goesFirst() {
        queue.offer("a", "a0");
        queue.offerFirst("capture");
        queue.offer("b", "b0");

        assertThat(all()).containsExactly("capture", "a0", "b0");
    }

    @Test
    void offer_oneKeyFillsItsShare_othersStillFindPlace() {
        int accepted = 0;
        while (queue.offer("busy", "busy")) {
            accepted++;
        }

        assertThat(accepted).isEqualTo(256);
        assertThat(queue.offer("modest", "modest")).isTrue();
        assertThat(queue.offerFirst("capture")).isTrue();
    }

    @Test
    void offer_theWholeIsFull_isRefused() {
        FairQueue<String> small = new FairQueue<>(2);
        small.offer("a", "a0");
        small.offer("b", "b0");

        assertThat(small.offer("c", "c0")).isFalse();
        assertThat(small.offerFirst("capture")).isFalse();
        small.take(1);
        assertThat(small.offer("c", "c0")).isTrue();
    }

    @Test
    void close_whatIsInItCanBeTaken_nothingComesIn() {
        queue.offer("a", "a0");
        queue.close();

        assertThat(queue.offer("a", "a1")).isFalse();
        assertThat(queue.offerFirst("capture")).isFalse();
        assertThat(queue.take(5)).containsExactly("a0");
        assertThat(queue.take(5)).isEmpty();
    }

    @Property(tries = 200)
    void take_anyKeys_keepsTheOrderOfEachKeyAndWaitsOneRoundAtMost(
            @ForAll List<@CharRange(from = 'a', to = 'd') Character> keys) {
        Map<Character, Integer> offered = new HashMap<>();
        List<String> expected = new ArrayList<>();
        for (char key : keys) {
            String element = key + ":" + offered.merge(key, 1, Integer::sum);
            if (queue.offer(String.valueOf(key), element)) {
                expected.add(element);
            }
        }

        List<String> taken = all();

        assertThat(taken).containsExactlyInAnyOrderElementsOf(expected);
        Map<Character, Integer> seen = new HashMap<>();
        for (int i = 0; i < taken.size(); i++) {
            String element = taken.get(i);
            int number = seen.merge(element.charAt(0), 1, Integer::sum);
            assertThat(element.substring(2)).isEqualTo(String.valueOf(number));
            assertThat(i).isLessThan(number * 4);
        }
    }

    @Test
    void poll_nothingThere_waitsAndTakesWhatComes() throws Exception {
        Thread comes = new Thread(() -> queue.offer("a", "a0"));
        comes.start();

        assertThat(queue.poll(10, TimeUnit.MINUTES.toNanos(1))).containsExactly("a0");
        comes.join();
    }

    @Test
    void poll_nothingComes_isEmptyWhenItsTimeIsUp_andAtOnceWithout() {
        assertThat(queue.poll(10, 1_000)).isEmpty();
        assertThat(queue.poll(10, 0)).isEmpty();
    }

    @Test
    void poll_closedWhileItWaits_isEmptyAtOnce() throws Exception {
        Thread closes = new Thread(queue::close);
        closes.start();

        assertThat(queue.poll(10, TimeUnit.DAYS.toNanos(1))).isEmpty();
        closes.join();
    }

    private List<String> all() {
        return queue.drain();
    }
}
