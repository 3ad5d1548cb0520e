package org.farthing.client.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.client.PaymentTimer;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.ImmediateTimer;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.testing.TestPayee;
import org.jspecify.annotations.Nullable;

/** The command line with a home folder and a scripted server. What it printed is searched for secrets at the end. */
final class Cli implements AutoCloseable {

    private static final Pattern SEED = Pattern.compile("\"seed\":\"([^\"]+)\"");

    final SettableClock clock = new SettableClock();
    final ScriptedServer server;
    final TestPayee payee;
    final Path home;
    private final List<String> secrets = new ArrayList<>();
    private final StringBuilder printed = new StringBuilder();
    private boolean watched;
    private @Nullable InputStream answers;

    Cli(Path temp) throws IOException {
        this.home = temp.resolve("home");
        this.server = ScriptedServer.start();
        this.payee = new TestPayee(server.origin(), clock);
    }

    /** With keys in the home folder, and an honest server. */
    static Cli withPurse(Path temp) throws IOException {
        Cli cli = new Cli(temp);
        Purse purse = Purse.create(cli.home, new SecureRandom());
        cli.server.script(cli.payee.honest(purse.publicKey(cli.server.origin())));
        return cli;
    }

    Purse purse() throws IOException {
        return Purse.open(home);
    }

    /** What one run gave. */
    record Run(int exitCode, String out, String err) {}

    Run run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PaymentTimer timer = new ImmediateTimer(clock);
        Shell shell = new Shell(
                new PrintStream(out, false, UTF_8),
                new PrintStream(err, true, UTF_8),
                clock,
                timer,
                PatientKeys.LIMIT,
                home,
                watched,
                answers);
        int exitCode = FarthingCommand.commandLine(shell).execute(args);
        shell.out().flush();
        Run run = new Run(exitCode, out.toString(UTF_8), err.toString(UTF_8));
        printed.append(run.out()).append(run.err());
        return run;
    }

    /** From now on standard error is taken for a terminal. */
    void watch() {
        watched = true;
    }

    /** From now on there is a terminal, where this is typed. */
    void type(String words) {
        answers = new java.io.ByteArrayInputStream(words.getBytes(UTF_8));
    }

    String url(String target) {
        return server.origin().text() + target;
    }

    List<JournalEntry> payments() throws IOException {
        return SpendingJournal.open(home.resolve("journal.jsonl"), clock).entries();
    }

    JournalEntry onlyPayment() throws IOException {
        List<JournalEntry> payments = payments();
        assertThat(payments).hasSize(1);
        return payments.get(0);
    }

    /** A secret that no run may print. */
    void keepSecret(String secret) {
        secrets.add(secret);
    }

    /** F-CL-55: no order, bearer or seed in anything that was printed. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Received request : server.received()) {
            request.header("Authorization").ifPresent(value -> secrets.add(value.substring(value.indexOf(' ') + 1)));
            request.credential().ifPresent(credential -> {
                // A payment with tokens, or with a receipt of a wallet service, has none.
                if (credential.payload().get("jws") instanceof String jws) {
                    secrets.add(jws);
                }
            });
        }
        if (Files.exists(home.resolve("purse.json"))) {
            Matcher seed = SEED.matcher(Files.readString(home.resolve("purse.json")));
            assertThat(seed.find()).isTrue();
            secrets.add(seed.group(1));
        }
        for (String secret : secrets) {
            assertThat(printed.toString()).doesNotContain(secret);
        }
    }
}
