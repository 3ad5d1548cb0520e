package org.farthing.client.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.ReceiptSigner;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReceiptVerifyCommandTest {

    @TempDir
    Path temp;

    private Cli cli;
    private Path file;
    private PaymentReceipt receipt;

    @BeforeEach
    void start() throws Exception {
        cli = Cli.withPurse(temp);
        file = temp.resolve("receipt.json");
        receipt = signedBy(cli.payee);
        write(receipt);
    }

    @AfterEach
    void stop() throws Exception {
        cli.close();
    }

    private PaymentReceipt signedBy(TestPayee payee) {
        return ReceiptSigner.sign(
                payee.key(),
                PaymentReceipt.builder("wallet", "ch_1", cli.clock.instant())
                        .with("amount", "2500")
                        .with("currency", "usd.e6")
                        .with("recipient", payee.origin().text())
                        .with("challengeId", "challenge-1")
                        .build());
    }

    private void write(PaymentReceipt other) throws Exception {
        try (ReceiptFile kept = ReceiptFile.prepare(file)) {
            kept.keep(other);
        }
    }

    private void rewrite(String member, @Nullable String value) throws Exception {
        Map<String, @Nullable Object> members = new TreeMap<>(receipt.members());
        if (value == null) {
            members.remove(member);
        } else {
            members.put(member, value);
        }
        write(new PaymentReceipt(members));
    }

    private Cli.Run verify(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "receipt";
        args[1] = "verify";
        System.arraycopy(more, 0, args, 2, more.length);
        args[args.length - 1] = file.toString();
        return cli.run(args);
    }

    @Test
    @Requirement({"F-RC-20"})
    void verify_genuine_saysWhoWhatWhen() {
        Cli.Run run = verify("--loopback");
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out())
                .startsWith("valid")
                .contains("payee      " + cli.server.origin())
                .contains("paid       0.0025 USD  (2500 usd.e6)")
                .contains("when       2026-11-22T09:00:30Z")
                .contains("reference  ch_1")
                .contains("key        " + cli.payee.key().publicKey().kid())
                .contains("keys from  " + cli.server.origin() + "/.well-known/payment-keys");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void verify_theHeaderFieldItself_isRead() throws Exception {
        Files.writeString(file, receipt.format() + "\n");
        assertThat(verify("--loopback").exitCode()).isEqualTo(ExitCode.SERVED);
    }

    @Test
    void verify_alteredInAnyMember_isNotValid() throws Exception {
        for (Map.Entry<String, String> change : Map.of(
                        "amount", "2400",
                        "currency", "usd.e5",
                        "reference", "ch_2",
                        "challengeId", "challenge-2",
                        "timestamp", "2026-11-22T09:00:31Z",
                        "method", "token",
                        "note", "added")
                .entrySet()) {
            rewrite(change.getKey(), change.getValue());
            Cli.Run run = verify("--loopback");
            assertThat(run.exitCode()).as(change.getKey()).isEqualTo(ExitCode.RECEIPT);
            assertThat(run.out()).as(change.getKey()).startsWith("NOT VALID  BAD_SIGNATURE");
        }
    }

    @Test
    void verify_withoutSignature_isNotValid() throws Exception {
        rewrite("jws", null);
        Cli.Run run = verify("--loopback");
        assertThat(run.exitCode()).isEqualTo(ExitCode.RECEIPT);
        assertThat(run.out()).startsWith("NOT VALID  UNSIGNED");
    }

    @Test
    void verify_signedByAnother_isNotValid() throws Exception {
        write(signedBy(new TestPayee(cli.server.origin(), cli.clock)));
        Cli.Run run = verify("--loopback");
        assertThat(run.exitCode()).isEqualTo(ExitCode.RECEIPT);
        assertThat(run.out()).startsWith("NOT VALID  UNKNOWN_KEY");
    }

    @Test
    void verify_keysOfSomebodyElse_isNotValid() throws Exception {
        // Another origin lists the very key; its word is not the payee's.
        TestPayee payee = new TestPayee(new Origin("https://api.example.com"), cli.clock);
        write(signedBy(payee));
        Path keys = temp.resolve("keys.json");
        Files.writeString(keys, payee.directory().format().replace("https://api.example.com", "https://other.example"));
        Cli.Run run = verify("--keys", keys.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.RECEIPT);
        assertThat(run.out()).startsWith("NOT VALID  WRONG_RECIPIENT");
    }

    @Test
    void verify_keysFromFile_asksNobody() throws Exception {
        TestPayee payee = new TestPayee(new Origin("https://api.example.com"), cli.clock);
        write(signedBy(payee));
        Path keys = temp.resolve("keys.json");
        Files.writeString(keys, payee.directory().format());
        Cli.Run run = verify("--keys", keys.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(run.out()).contains("keys.json, which you vouch for");
        assertThat(cli.server.keyRequests()).isEmpty();
    }

    @Test
    void verify_keysFromOrigin_areFetchedThere() {
        Cli.Run run = verify("--loopback", "--keys", cli.url("/.well-known/payment-keys"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVED);
        assertThat(cli.server.keyRequests()).hasSize(1);
        assertThat(verify("--loopback", "--keys", cli.url("/elsewhere")).exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void verify_loopbackWithoutSwitch_isRefused() {
        Cli.Run run = verify();
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("--loopback");
        assertThat(cli.server.keyRequests()).isEmpty();
    }

    @Test
    @Requirement({"F-KY-51", "T21"})
    void verify_payeeAtPrivateAddress_isNotAsked() throws Exception {
        write(signedBy(new TestPayee(new Origin("https://127.0.0.1:1"), cli.clock)));
        Cli.Run run = verify();
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("not public");
    }

    @Test
    @Requirement({"F-KY-32"})
    void verify_keyOutOfUse_onlyWithTheTimeItWasReceived() throws Exception {
        var key = cli.payee
                .key()
                .withTimes(
                        cli.clock.instant(),
                        cli.clock.instant(),
                        cli.clock.instant().plus(Duration.ofDays(1)));
        cli.payee.publish(org.farthing.protocol.signature.KeyDirectory.of(
                cli.server.origin(), java.util.List.of(key.publicKey())));
        cli.clock.advance(Duration.ofDays(2));
        Cli.Run now = verify("--loopback");
        assertThat(now.exitCode()).isEqualTo(ExitCode.RECEIPT);
        assertThat(now.out()).startsWith("NOT VALID  KEY_NOT_ACTIVE");
        assertThat(verify("--loopback", "--received-at", "2026-11-22T09:00:31Z").exitCode())
                .isEqualTo(ExitCode.SERVED);
        assertThat(verify("--loopback", "--received-at", "yesterday").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void verify_noReceipt_isSaidInWords() throws Exception {
        Files.writeString(file, "{\"status\":\"success\"}");
        assertThat(verify("--loopback").exitCode()).isEqualTo(ExitCode.RECEIPT);
        Files.writeString(file, "anything");
        assertThat(verify("--loopback").exitCode()).isEqualTo(ExitCode.RECEIPT);
        Files.delete(file);
        Cli.Run run = verify("--loopback");
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err()).contains("there is no file or folder");
    }

    @Test
    void verify_serverAway_couldNotBeChecked() throws Exception {
        cli.server.close();
        Cli.Run run = verify("--loopback");
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(run.out()).isEmpty();
    }
}
