package org.farthing.client.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.testing.SettableClock;
import org.farthing.testing.Requirement;

/** Whatever part of the last write reached the disk: every whole line counts, and the journal goes on. */
@Requirement({"F-CL-41", "F-CL-42"})
class JournalTruncationTest {

    private static final SpendingPolicy POLICY = SpendingPolicy.builder()
            .allowOrigin(Payments.ORIGIN)
            .perRequest("1usd")
            .total("1000usd")
            .build();

    private record Snapshot(String spent, List<State> states) {}

    private static Snapshot snapshot(SpendingJournal journal) throws IOException {
        return new Snapshot(
                journal.spent("usd", false).format(),
                journal.entries().stream().map(JournalEntry::state).toList());
    }

    /** Makes payments that stop at chosen steps; returns what was known at each length of the file. */
    private static Map<Long, Snapshot> write(Path file, List<Integer> stops) throws IOException {
        SpendingJournal journal = SpendingJournal.open(file, new SettableClock());
        Map<Long, Snapshot> known = new TreeMap<>();
        known.put(Files.size(file), snapshot(journal));
        for (int stop : stops) {
            JournalEntry entry = Payments.reserved(journal, POLICY, Payments.microDollars(1 + stop));
            known.put(Files.size(file), snapshot(journal));
            if (stop >= 1) {
                journal.sign(entry, () -> "token");
                known.put(Files.size(file), snapshot(journal));
            }
            if (stop >= 2) {
                journal.send(entry);
                known.put(Files.size(file), snapshot(journal));
            }
            if (stop >= 3) {
                journal.notCharged(entry, POLICY, stop == 3 ? null : "statement");
                known.put(Files.size(file), snapshot(journal));
            }
        }
        return known;
    }

    @Property(tries = 60)
    void open_anyPrefix_keepsEveryWholeLine(
            @ForAll @Size(max = 4) List<@IntRange(max = 4) Integer> stops, @ForAll @IntRange(max = 9999) int where)
            throws IOException {
        Path temp = Files.createTempDirectory("journal");
        try {
            Path file = temp.resolve("journal.jsonl");
            TreeMap<Long, Snapshot> known = new TreeMap<>(write(file, stops));
            byte[] whole = Files.readAllBytes(file);
            byte[] prefix = Arrays.copyOf(whole, (int) ((long) whole.length * where / 9999));
            Files.delete(file);
            OwnerOnly.create(file, prefix);
            if (prefix.length < known.firstKey()) {
                assertThatThrownBy(() -> SpendingJournal.open(file, new SettableClock()))
                        .isInstanceOf(JournalException.class);
                return;
            }
            SpendingJournal journal = SpendingJournal.open(file, new SettableClock());
            Snapshot expected = known.floorEntry((long) prefix.length).getValue();
            assertThat(snapshot(journal)).isEqualTo(expected);
            Payments.reserved(journal, POLICY, Payments.microDollars(5));
            List<State> states = new ArrayList<>(expected.states());
            states.add(State.INTENT);
            assertThat(snapshot(SpendingJournal.open(file, new SettableClock())).states())
                    .containsExactlyElementsOf(states);
        } finally {
            delete(temp);
        }
    }

    @Property(tries = 60)
    void open_anyByteAltered_isNeverBelieved(
            @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 4) Integer> stops,
            @ForAll @IntRange(max = 9999) int where,
            @ForAll @IntRange(min = 1, max = 255) int change)
            throws IOException {
        Path temp = Files.createTempDirectory("journal");
        try {
            Path file = temp.resolve("journal.jsonl");
            write(file, stops);
            byte[] bytes = Files.readAllBytes(file);
            // The very last line feed is left alone: without it the last line is a torn one, which is no damage.
            int at = (int) ((long) (bytes.length - 2) * where / 9999);
            bytes[at] ^= (byte) change;
            Files.write(file, bytes);
            assertThatThrownBy(() -> SpendingJournal.open(file, new SettableClock()))
                    .isInstanceOf(JournalException.class);
        } finally {
            delete(temp);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
