package org.farthing.client.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.budget.Refusal.Rule;
import org.farthing.client.testing.SettableClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpendingJournalTest {

    private static final String TOKEN = "c2VjcmV0LWNyZWRlbnRpYWw";

    @TempDir
    Path temp;

    private final SettableClock clock = new SettableClock();
    private final SpendingPolicy policy = SpendingPolicy.builder()
            .allowOrigin(Payments.ORIGIN)
            .perRequest("0.02usd")
            .perPeriod(Duration.ofHours(1), "0.03usd")
            .total("0.1usd")
            .build();
    private Path file;
    private SpendingJournal journal;

    @BeforeEach
    void open() throws IOException {
        file = temp.resolve("purse/journal.jsonl");
        journal = SpendingJournal.open(file, clock);
    }

    private SpendingJournal reopened() throws IOException {
        return SpendingJournal.open(file, clock);
    }

    private String spent() throws IOException {
        return reopened().spent("usd", false).format();
    }

    private JournalEntry sent() throws IOException {
        JournalEntry entry = Payments.reserved(journal, policy, Payments.microDollars(10_000));
        journal.sign(entry, () -> TOKEN);
        assertThat(journal.send(entry)).isTrue();
        return entry;
    }

    private String everyByte() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(temp)) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(path, UTF_8));
            }
        }
        return all.toString();
    }

    @Test
    @Requirement({"F-CL-40", "F-CL-41"})
    void reserve_withinBudget_isOnDiskBeforeItReturns() throws IOException {
        JournalEntry entry = Payments.reserved(journal, policy, Payments.microDollars(12_345));
        assertThat(spent()).isEqualTo("0.012345 USD");
        assertThat(reopened().entries()).containsExactly(entry);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    @Requirement({"F-CL-30", "F-CL-32"})
    void reserve_budgetUsedUp_countsNothing() throws IOException {
        Payments.reserved(journal, policy, Payments.microDollars(20_000));
        Reservation second = Payments.reserve(journal, policy, Payments.microDollars(10_001));
        assertThat(second)
                .isInstanceOfSatisfying(
                        Reservation.Refused.class,
                        refused -> assertThat(refused.refusal().rule()).isEqualTo(Rule.PER_PERIOD));
        assertThat(spent()).isEqualTo("0.02 USD");
    }

    @Test
    @Requirement({"F-TK-132"})
    void reserve_prepaid_hasBooksOfItsOwnAlsoAfterARewrite() throws IOException {
        Proposal wallet = Payments.microDollars(20_000);
        Proposal prepaid = new Proposal(wallet.target(), wallet.recipient(), wallet.amount(), wallet.currency(), true);
        JournalEntry entry = Payments.reserved(journal, policy, prepaid);
        assertThat(spent()).isEqualTo("0.00 USD");
        assertThat(reopened().entries()).containsExactly(entry);
        assertThat(journal.wouldRefuse(policy, wallet)).isEmpty();
        assertThat(journal.wouldRefuse(policy, prepaid))
                .hasValueSatisfying(refusal -> assertThat(refusal.rule()).isEqualTo(Rule.PER_PERIOD));
        SpendingJournal small = SpendingJournal.open(file, clock, JournalProbe.NONE, 1);
        small.served(entry, null);
        for (int i = 0; i < 3; i++) {
            small.neverSent(Payments.reserved(small, policy, Payments.microDollars(1_000)));
        }
        assertThat(Files.readString(file, UTF_8)).as("it was rewritten").contains("prepaid usd");
        assertThat(small.wouldRefuse(policy, prepaid)).isPresent();
        assertThat(small.wouldRefuse(policy, wallet)).isEmpty();
    }

    @Test
    @Requirement({"F-CL-37", "F-CL-24"})
    void reserve_offerEnded_countsNothing() throws IOException {
        clock.set(Payments.EXPIRES.minusNanos(1));
        Payments.reserved(journal, policy, Payments.microDollars(1_000));
        clock.set(Payments.EXPIRES);
        assertThat(Payments.reserve(journal, policy, Payments.microDollars(1_000)))
                .isInstanceOfSatisfying(
                        Reservation.Refused.class,
                        refused -> assertThat(refused.refusal().rule()).isEqualTo(Rule.OFFER_ENDED));
        assertThat(spent()).isEqualTo("0.001 USD");
    }

    @Test
    @Requirement("F-CR-31")
    void sign_again_returnsStoredBytes() throws IOException {
        JournalEntry entry = Payments.reserved(journal, policy, Payments.microDollars(1));
        journal.sign(entry, () -> TOKEN);
        assertThat(reopened().sign(entry, () -> {
                    throw new AssertionError("signed twice");
                }))
                .isEqualTo(TOKEN);
        assertThat(reopened().credential(entry)).contains(TOKEN);
    }

    @Test
    @Requirement("F-CL-43")
    void served_credentialBytes_areErasedAtOnce() throws IOException {
        JournalEntry entry = sent();
        assertThat(everyByte()).contains(TOKEN);
        journal.served(entry, "cmVjZWlwdA");
        assertThat(everyByte()).doesNotContain(TOKEN).contains("cmVjZWlwdA");
        assertThat(spent()).isEqualTo("0.01 USD");
    }

    @Test
    @Requirement("F-CL-43")
    void open_crashBeforeErasure_erasesLeftovers() throws IOException {
        JournalEntry entry = sent();
        Path vault = temp.resolve("purse/journal.jsonl.open/" + entry.id());
        byte[] bytes = Files.readAllBytes(vault);
        journal.served(entry, null);
        Files.write(vault, bytes);
        reopened();
        assertThat(vault).doesNotExist();
    }

    @Test
    @Requirement({"F-CL-43", "F-OU-14"})
    void entries_dayAfterExpiry_sentPaymentStaysSpentWithoutItsBytes() throws IOException {
        JournalEntry entry = sent();
        clock.set(Payments.EXPIRES.plus(Duration.ofHours(24)));
        assertThat(journal.credential(entry)).contains(TOKEN);
        clock.advance(Duration.ofMillis(1));
        assertThat(journal.entries()).extracting(JournalEntry::state).containsExactly(State.UNKNOWN);
        assertThat(everyByte()).doesNotContain(TOKEN);
        assertThat(spent()).isEqualTo("0.01 USD");
    }

    @Test
    @Requirement({"F-OU-14", "F-CL-24"})
    void send_afterExpiry_isRefusedAndGivenBack() throws IOException {
        JournalEntry entry = Payments.reserved(journal, policy, Payments.microDollars(10_000));
        journal.sign(entry, () -> TOKEN);
        clock.set(Payments.EXPIRES.plusMillis(1));
        assertThat(journal.send(entry)).isFalse();
        assertThat(spent()).isEqualTo("0.00 USD");
    }

    @Test
    @Requirement("F-OU-14")
    void neverSent_unsentPayment_isGivenBackAndCannotBeSent() throws IOException {
        JournalEntry entry = Payments.reserved(journal, policy, Payments.microDollars(10_000));
        journal.sign(entry, () -> TOKEN);
        assertThat(reopened().neverSent(entry)).isTrue();
        assertThat(journal.send(entry)).as("another process gave it up").isFalse();
        assertThat(spent()).isEqualTo("0.00 USD");
    }

    @Test
    @Requirement("F-OU-14")
    void neverSent_sentPayment_staysSpent() throws IOException {
        JournalEntry entry = sent();
        assertThat(journal.neverSent(entry)).isFalse();
        assertThat(spent()).isEqualTo("0.01 USD");
    }

    @Test
    @Requirement({"F-OU-13", "F-CL-33", "T73"})
    void notCharged_bareClaim_givesNothingBack() throws IOException {
        assertThat(journal.notCharged(sent(), policy, null).counted()).isTrue();
        assertThat(spent()).isEqualTo("0.01 USD");
    }

    @Test
    @Requirement({"F-OU-13", "F-CL-33", "T73"})
    void notCharged_signedForEver_givesBackOncePerPeriod() throws IOException {
        int back = 0;
        int paid = 0;
        while (Payments.reserve(journal, policy, Payments.microDollars(10_000))
                instanceof Reservation.Reserved reserved) {
            journal.sign(reserved.entry(), () -> TOKEN);
            journal.send(reserved.entry());
            paid++;
            back += journal.notCharged(reserved.entry(), policy, "statement").counted() ? 0 : 1;
            journal = reopened();
        }
        assertThat(back).isEqualTo(3);
        assertThat(paid).as("twice the period's budget, and never more").isEqualTo(6);
    }

    @Test
    @Requirement("F-CL-34")
    void reserve_clockSetBack_countsInTheLaterPeriod() throws IOException {
        Instant ten = Instant.parse("2026-11-22T10:00:00Z");
        Proposal proposal = Payments.microDollars(20_000);
        clock.set(ten);
        journal.reserve(policy, proposal, Payments.challenge(proposal), ten.plusSeconds(60), null, null);
        clock.set(SettableClock.START);
        Reservation second = Payments.reserve(reopened(), policy, proposal);
        assertThat(second).isInstanceOf(Reservation.Refused.class);
    }

    @Test
    @Requirement({"F-CL-41", "F-CL-42"})
    void refresh_tornLastLine_isCutOffAndNothingElse() throws IOException {
        JournalEntry entry = Payments.reserved(journal, policy, Payments.microDollars(10_000));
        Files.writeString(file, "{\"at\":\"2026-11", UTF_8, StandardOpenOption.APPEND);
        assertThat(spent()).isEqualTo("0.01 USD");
        journal.sign(entry, () -> TOKEN);
        assertThat(Files.readAllLines(file)).hasSize(3);
        assertThat(reopened().entries()).extracting(JournalEntry::state).containsExactly(State.SIGNED);
    }

    @Test
    @Requirement("F-CL-42")
    void reserve_alteredAmount_paysNothing() throws IOException {
        Payments.reserved(journal, policy, Payments.microDollars(10_000));
        Files.writeString(file, Files.readString(file).replace("\"10000\"", "\"10\""));
        assertThatThrownBy(() -> Payments.reserve(reopened(), policy, Payments.microDollars(1)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("sum");
    }

    @Test
    @Requirement("F-CL-42")
    void reserve_lineLost_paysNothing() throws IOException {
        Payments.reserved(journal, policy, Payments.microDollars(10_000));
        Payments.reserved(journal, policy, Payments.microDollars(10_000));
        List<String> lines = Files.readAllLines(file);
        Files.write(file, List.of(lines.get(0), lines.get(2)));
        assertThatThrownBy(this::reopened).isInstanceOf(JournalException.class);
        assertThatThrownBy(() -> Payments.reserve(journal, policy, Payments.microDollars(1)))
                .isInstanceOf(JournalException.class);
    }

    @Test
    @Requirement("F-CL-42")
    void reserve_fileGone_paysNothing() throws IOException {
        Files.delete(file);
        assertThatThrownBy(() -> Payments.reserve(journal, policy, Payments.microDollars(1)))
                .hasMessageContaining("gone");
        assertThat(file).doesNotExist();
    }

    @Test
    @Requirement("F-CL-42")
    void reserve_replacedByANewJournal_paysNothing() throws IOException {
        Files.delete(file);
        reopened();
        assertThatThrownBy(() -> Payments.reserve(journal, policy, Payments.microDollars(1)))
                .hasMessageContaining("another journal");
    }

    @Test
    @Requirement({"F-CL-40", "F-CL-42"})
    void reserve_othersCanRead_paysNothing() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Payments.reserve(journal, policy, Payments.microDollars(1)))
                .hasMessageContaining("chmod");
    }

    @Test
    @Requirement("F-CL-42")
    void open_emptyFile_isNoJournal() throws IOException {
        Path empty = temp.resolve("empty");
        org.farthing.client.files.OwnerOnly.create(empty, new byte[0]);
        assertThatThrownBy(() -> SpendingJournal.open(empty, clock)).isInstanceOf(JournalException.class);
    }

    @Test
    @Requirement({"F-CL-32", "F-OU-13"})
    void served_manyPayments_sameSumsInABoundedFile() throws IOException {
        SpendingPolicy generous = SpendingPolicy.builder()
                .allowOrigin(Payments.ORIGIN)
                .perRequest("1usd")
                .perPeriod(Duration.ofMinutes(1), "1usd")
                .total("1000usd")
                .build();
        journal = SpendingJournal.open(file, clock, JournalProbe.NONE, 10);
        JournalEntry left = Payments.reserved(journal, generous, Payments.microDollars(7));
        journal.sign(left, () -> TOKEN);
        long counted = 7;
        for (int i = 1; i <= 200; i++) {
            clock.advance(Duration.ofMillis(900));
            JournalEntry entry = Payments.reserved(journal, generous, Payments.microDollars(i));
            if (i % 3 == 0) {
                journal.served(entry, null);
            } else if (i % 3 == 1) {
                journal.neverSent(entry);
            } else {
                journal.notCharged(entry, generous, i % 2 == 0 ? "statement" : null);
            }
            counted += i % 3 == 0 || i % 6 == 5 ? i : 0;
        }
        assertThat(Files.readAllLines(file).size()).isLessThan(60);
        assertThat(journal.spent("usd", false).value()).isEqualByComparingTo(new BigDecimal(counted).movePointLeft(6));
        assertThat(spent()).isEqualTo(journal.spent("usd", false).format());
        assertThat(reopened().credential(left)).contains(TOKEN);
        assertThat(reopened().send(left)).isTrue();
    }

    @Test
    @Requirement({"F-CL-34", "F-OU-13", "T73"})
    void served_summedUp_periodsAndReturnsStayExact() throws IOException {
        SpendingPolicy minutes = SpendingPolicy.builder()
                .allowOrigin(Payments.ORIGIN)
                .perRequest("1usd")
                .perPeriod(Duration.ofMinutes(1), "0.00005usd")
                .build();
        journal = SpendingJournal.open(file, clock, JournalProbe.NONE, 1);
        for (int i = 0; i < 5; i++) {
            journal.notCharged(Payments.reserved(journal, minutes, Payments.microDollars(10)), minutes, "statement");
        }
        for (int i = 0; i < 5; i++) {
            journal.served(Payments.reserved(journal, minutes, Payments.microDollars(10)), null);
        }
        assertThat(Files.readString(file)).contains("carried");
        assertThat(Payments.reserve(reopened(), minutes, Payments.microDollars(1)))
                .isInstanceOf(Reservation.Refused.class);
        clock.advance(Duration.ofSeconds(30));
        JournalEntry next = Payments.reserved(reopened(), minutes, Payments.microDollars(50));
        assertThat(journal.notCharged(next, minutes, "statement").counted())
                .as("a new minute gives back again")
                .isFalse();
    }

    @Test
    @Requirement({"F-CL-55", "T38"})
    void toString_ofEntry_holdsNoEvidence() throws IOException {
        JournalEntry entry = sent();
        journal.served(entry, "cmVjZWlwdA");
        assertThat(reopened().entries().toString()).doesNotContain("cmVjZWlwdA").doesNotContain(TOKEN);
    }
}
