package org.farthing.client.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.SettableClock;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payments whose money lies at a wallet service: what replaces what, and whose word gives it back. */
class ServicePaymentJournalTest {

    private static final Origin SERVICE = new Origin("https://wallet.example");
    private static final String ORDER = "b3JkZXItaW4tdGhlLWZvcm0tb2YtYS1jcmVkZW50aWFs";
    private static final String RECEIPT = "cmVjZWlwdC10b2tlbi1pbi1hLWNyZWRlbnRpYWw";

    @TempDir
    Path temp;

    private final SettableClock clock = new SettableClock();
    private final SpendingPolicy policy = SpendingPolicy.builder()
            .allowOrigin(Payments.ORIGIN)
            .perRequest("0.02usd")
            .perPeriod(Duration.ofHours(1), "0.03usd")
            .build();
    private SpendingJournal journal;

    @BeforeEach
    void open() throws IOException {
        journal = reopened(1000);
    }

    private SpendingJournal reopened(int closedKept) throws IOException {
        return SpendingJournal.open(temp.resolve("journal.jsonl"), clock, JournalProbe.NONE, closedKept);
    }

    private JournalEntry reserved() throws IOException {
        Proposal proposal = Payments.microDollars(10_000);
        Reservation reservation =
                journal.reserve(policy, proposal, Payments.challenge(proposal), Payments.EXPIRES, null, SERVICE);
        return ((Reservation.Reserved) reservation).entry();
    }

    private JournalEntry sent() throws IOException {
        JournalEntry entry = reserved();
        journal.sign(entry, () -> ORDER);
        assertThat(journal.send(entry)).isTrue();
        return entry;
    }

    private String spent() throws IOException {
        return journal.spent("usd", false).format();
    }

    @Test
    @Requirement({"F-CL-62", "F-CL-41"})
    void reserve_throughAService_namesItOnDisk() throws IOException {
        JournalEntry entry = reserved();
        assertThat(entry.service()).isEqualTo(SERVICE);
        assertThat(reopened(1000).entries()).containsExactly(entry);
    }

    @Test
    @Requirement({"F-CL-63", "F-CR-31"})
    void exchanged_orderIsReplacedOnDisk_andNeverSignedAgain() throws IOException {
        JournalEntry entry = sent();
        assertThat(journal.credential(entry)).contains(ORDER);
        assertThat(journal.exchanged(entry, RECEIPT)).isTrue();
        SpendingJournal other = reopened(1000);
        assertThat(other.credential(entry)).contains(RECEIPT);
        assertThat(other.sign(entry, () -> {
                    throw new AssertionError("signed twice");
                }))
                .isEqualTo(RECEIPT);
        try (var files = Files.walk(temp)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(ORDER);
            }
        }
        assertThat(spent()).isEqualTo("0.01 USD");
    }

    @Test
    @Requirement({"F-CL-62", "F-CL-63"})
    void exchanged_beforeTheOrderCountsAsSent_orAfterTheEnd_changesNothing() throws IOException {
        JournalEntry unsent = reserved();
        journal.sign(unsent, () -> ORDER);
        assertThat(journal.exchanged(unsent, RECEIPT)).isFalse();
        assertThat(journal.credential(unsent)).contains(ORDER);
        JournalEntry over = sent();
        journal.givenBack(over, "released");
        assertThat(journal.exchanged(over, RECEIPT)).isFalse();
        assertThat(journal.credential(over)).isEmpty();
        assertThatThrownBy(() -> journal.sign(over, () -> RECEIPT)).isInstanceOf(JournalException.class);
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-17", "T73"})
    void givenBack_beyondThePeriodsBudget_alwaysComesBack() throws IOException {
        for (int i = 0; i < 20; i++) {
            JournalEntry ended = journal.givenBack(sent(), "released");
            assertThat(ended.state()).isEqualTo(State.GIVEN_BACK);
            assertThat(ended.counted()).isFalse();
            journal = reopened(2);
        }
        assertThat(spent()).isEqualTo("0.00 USD");
        JournalEntry ofLedger = Payments.reserved(journal, policy, Payments.microDollars(10_000));
        journal.sign(ofLedger, () -> ORDER);
        journal.send(ofLedger);
        assertThat(journal.notCharged(ofLedger, policy, "statement").counted())
                .as("the limit for payees' words is untouched")
                .isFalse();
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-17", "T73"})
    void notCharged_signedByThePayee_givesNothingBackWhereAServiceHasTheMoney() throws IOException {
        JournalEntry ended = journal.notCharged(sent(), policy, "statement");
        assertThat(ended.counted()).isTrue();
        assertThat(ended.evidence()).isEqualTo("statement");
        assertThat(spent()).isEqualTo("0.01 USD");
    }

    @Test
    @Requirement("F-OU-13")
    void givenBack_paymentOfALedgerAtThePayee_isNotTheWalletsToGive() throws IOException {
        JournalEntry entry = Payments.reserved(journal, policy, Payments.microDollars(10_000));
        journal.sign(entry, () -> ORDER);
        journal.send(entry);
        assertThat(journal.givenBack(entry, "released").counted()).isTrue();
        assertThat(journal.entries()).extracting(JournalEntry::state).containsExactly(State.SENT);
        assertThat(spent()).isEqualTo("0.01 USD");
    }

    @Test
    @Requirement({"F-CL-62", "F-OU-14"})
    void neverLeft_orderStillThere_isGivenBack_exchangedMeanwhileIsNot() throws IOException {
        JournalEntry entry = sent();
        assertThat(journal.neverLeft(entry, ORDER)).isTrue();
        assertThat(spent()).isEqualTo("0.00 USD");
        assertThat(journal.exchanged(entry, RECEIPT)).isFalse();
        JournalEntry raced = sent();
        assertThat(reopened(1000).exchanged(raced, RECEIPT)).isTrue();
        assertThat(journal.neverLeft(raced, ORDER)).isFalse();
        assertThat(spent()).isEqualTo("0.01 USD");
        assertThat(journal.credential(raced)).contains(RECEIPT);
    }

    @Test
    @Requirement({"F-CL-40", "F-CL-44"})
    void compacted_openAndClosed_keepTheirService() throws IOException {
        SpendingJournal small = reopened(1);
        journal = small;
        for (int i = 0; i < 10; i++) {
            journal.givenBack(sent(), "expired");
        }
        JournalEntry open = sent();
        SpendingJournal again = reopened(1);
        assertThat(again.entry(open.id()).orElseThrow().service()).isEqualTo(SERVICE);
        assertThat(again.entries()).allMatch(entry -> SERVICE.equals(entry.service()));
        assertThat(again.spent("usd", false).format()).isEqualTo("0.01 USD");
    }
}
