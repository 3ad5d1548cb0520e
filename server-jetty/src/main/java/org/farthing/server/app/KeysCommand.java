package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.SecretFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farthing-server keys}: makes, shows, rotates, revokes and prunes what is in the key folder. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description =
                "Makes, shows and rotates the server's keys: files only you can open. A running server notices each"
                        + " change within 10 seconds.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server keys init                      makes ./farthing-keys",
            "  farthing-server keys list --dir /etc/farthing/keys",
            "  farthing-server keys rotate                    a new signing key, in use from tomorrow",
            "  farthing-server keys rotate --secret           a new challenge secret, in use in 10 minutes",
            "  farthing-server keys revoke KID --replace      a stolen key: another one signs at once"
        })
final class KeysCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private static final Duration USUAL_LEAD = Duration.ofHours(24);

    private final InstantSource clock;

    KeysCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Name what to do with the keys: init, list, rotate, revoke or prune.");
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = "Makes a key folder: a signing key, a challenge secret and an administrator's bearer.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  farthing-server keys init",
                "  farthing-server keys init --dir /etc/farthing/keys --alg es256",
                "  farthing-server keys init --wallet-service --dir service-keys",
                "%nThe folder gets mode 0700 and its files 0600. Existing keys are never overwritten.",
                "Keep a copy where only you can read it: who has these files is you."
            })
    int init(
            @Mixin KeyFolder folder,
            @Option(names = "--alg", paramLabel = "ALG", description = "ed25519 (default, the fastest) or es256.")
                    @Nullable
                    String alg,
            @Option(
                            names = "--wallet-service",
                            description =
                                    "For a wallet service: the key signs receipt tokens and nothing else, and there"
                                            + " is no challenge secret.")
                    boolean walletService)
            throws IOException {
        KeyFiles files = folder.files();
        if (walletService) {
            files.initWalletService(algorithm(alg), clock.instant(), new SecureRandom());
        } else {
            files.init(algorithm(alg), clock.instant(), new SecureRandom());
        }
        PrintWriter out = out();
        out.println("Made " + files.folder().toAbsolutePath().normalize() + ":");
        print(files, clock.instant());
        out.println(
                walletService
                        ? "  admin.bearer      tops up wallets and registers payees over HTTP; keep it from everybody else"
                        : "  admin.bearer      tops up wallets over HTTP; keep it from everybody else");
        out.println(
                walletService
                        ? "Next: farthing-server wallet-service --keys " + files.folder()
                                + " --store wallets.db --port 8403"
                        : "Next: farthing-server serve --keys " + files.folder()
                                + " --store shop.db --price 0.002usd FOLDER");
        return 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description =
                    "Shows the signing keys (kid, thumbprint, roles, times) and the times of the challenge secrets."
                            + " No secret is printed.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server keys list --dir /etc/farthing/keys")
    int list(@Mixin KeyFolder folder) throws IOException {
        print(folder.files(), clock.instant());
        return 0;
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description =
                    "Adds a signing key, or a challenge secret, that takes over later; the old ones go on counting.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  farthing-server keys rotate                    signs from tomorrow on",
                "  farthing-server keys rotate --in PT48H --alg es256",
                "  farthing-server keys rotate --secret           a new challenge secret, used in 10 minutes",
                "%nA running server publishes a new key at once and signs with it when its time comes. Several servers",
                "each need the new file before that: share the folder, or copy the file. Rotate every 90 days."
            })
    int rotate(
            @Mixin KeyFolder folder,
            @Option(
                            names = "--in",
                            paramLabel = "DURATION",
                            description =
                                    "When it takes over, from now: ISO 8601. A signing key: at least PT61M (default:"
                                            + " PT24H). A secret: default PT10M; PT0S is for a single server.")
                    @Nullable
                    Duration in,
            @Option(names = "--alg", paramLabel = "ALG", description = "ed25519 or es256; default: as the newest key.")
                    @Nullable
                    String alg,
            @Option(names = "--secret", description = "Rotate the challenge secret instead of the signing key.")
                    boolean secret)
            throws IOException {
        KeyFiles files = folder.files();
        return secret ? rotateSecret(files, in) : rotateKey(files, in == null ? USUAL_LEAD : in, alg);
    }

    private int rotateKey(KeyFiles files, Duration lead, @Nullable String alg) throws IOException {
        if (lead.compareTo(KeyFiles.SHORTEST_LEAD) < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--in must be at least PT61M: clients keep the list of keys for an hour, so a key that signs sooner"
                            + " is unknown to them.");
        }
        Algorithm algorithm = alg == null ? newest(files).publicKey().algorithm() : algorithm(alg);
        SigningKey key = files.rotate(algorithm, lead, clock.instant(), new SecureRandom());
        print(files, clock.instant());
        out().println("A running server publishes " + key.publicKey().kid()
                + " within 10 seconds and signs with it from "
                + time(key.publicKey().nbf()) + " on. Other servers need its file an hour before.");
        return 0;
    }

    private int rotateSecret(KeyFiles files, @Nullable Duration in) throws IOException {
        if (files.isWalletService()) {
            throw new CommandFailedException(
                    files.folder() + " is a wallet service's, which has no challenge secret. Rotate its signing key.");
        }
        Duration lead = in == null ? KeyFiles.SECRET_LEAD : in;
        if (lead.isNegative()) {
            throw new ParameterException(spec.commandLine(), "--in must not be negative.");
        }
        files.addSecret(lead, clock.instant(), new SecureRandom());
        print(files, clock.instant());
        out().println(
                        "A running server takes the new secret within 10 seconds. Other servers need its file before it is"
                                + " used, or they refuse what was paid.");
        return 0;
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description =
                    "Revokes a signing key: it stays published, marked as revoked, and counts for nothing any more.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  farthing-server keys revoke 2cXyz...           a key that is not in use any more",
                "  farthing-server keys revoke 2cXyz... --replace a stolen one: another key signs at once",
                "  farthing-server keys revoke 2cXyz... --at 2026-11-20T08:00:00Z",
                "%nReceipts it signed cannot be proven any more. Payers who know no other of your keys are asked before",
                "they trust the replacement."
            })
    int revoke(
            @Mixin KeyFolder folder,
            @Parameters(paramLabel = "KID", description = "The key, as keys list shows it.") String kid,
            @Option(
                            names = "--at",
                            paramLabel = "TIME",
                            description = "Since when, such as 2026-11-20T08:00:00Z (default: now).")
                    @Nullable
                    Instant at,
            @Option(names = "--replace", description = "Make another key, which signs at once.") boolean replace,
            @Option(names = "--force", description = "Also if no other key may be used then: nothing is sold any more.")
                    boolean force)
            throws IOException {
        KeyFiles files = folder.files();
        Instant now = clock.instant();
        Instant since = at == null ? now : at;
        SigningKey key = named(files, kid);
        if (!replace && !force && isLast(files, key, since.isBefore(now) ? now : since)) {
            throw new CommandFailedException(kid + " is the only key that may be used then; without one nothing can be"
                    + " offered. Let another take over first (keys rotate), or at once with --replace."
                    + " To revoke it all the same: --force");
        }
        if (replace) {
            // First, so that a running server is never without a key.
            var unused = files.replaceNow(key.publicKey().algorithm(), now, new SecureRandom());
        }
        SigningKey revoked = files.revoke(kid, since);
        print(files, now);
        out().println("Revoked since " + time(revoked.publicKey().revoked())
                + ". A running server publishes this within 10 seconds; payers may keep the older list for an hour.");
        return 0;
    }

    /** Whether nothing else could sign at a time. */
    private static boolean isLast(KeyFiles files, SigningKey key, Instant at) throws IOException {
        for (SigningKey other : files.signingKeys()) {
            if (!other.publicKey().kid().equals(key.publicKey().kid()) && isUsable(other, at)) {
                return false;
            }
        }
        return isUsable(key, at);
    }

    private static boolean isUsable(SigningKey key, Instant at) {
        try {
            key.publicKey().requireUsable(at);
            return true;
        } catch (SignatureRejectedException e) {
            return false;
        }
    }

    private static SigningKey named(KeyFiles files, String kid) throws IOException {
        for (SigningKey key : files.signingKeys()) {
            if (key.publicKey().kid().equals(kid)) {
                return key;
            }
        }
        throw new CommandFailedException("There is no key " + kid + " in " + files.folder()
                + ". See: farthing-server keys list --dir " + files.folder());
    }

    @Command(
            name = "prune",
            mixinStandardHelpOptions = true,
            description =
                    "Deletes what nothing needs any more: secrets 26 hours after another took over, and signing keys a"
                            + " year after their end.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server keys prune --dry-run")
    int prune(
            @Mixin KeyFolder folder,
            @Option(names = "--dry-run", description = "Only say what would be deleted.") boolean dryRun)
            throws IOException {
        KeyFiles files = folder.files();
        List<Path> spent = dryRun ? files.spent(clock.instant()) : files.prune(clock.instant());
        spent.forEach(file -> out().println((dryRun ? "would delete " : "deleted ") + file));
        if (spent.isEmpty()) {
            out().println("Nothing to delete: everything in " + files.folder() + " is still needed.");
        }
        return 0;
    }

    private static SigningKey newest(KeyFiles files) throws IOException {
        var keys = files.signingKeys();
        return keys.get(keys.size() - 1);
    }

    private Algorithm algorithm(@Nullable String name) {
        return switch (name == null ? "ed25519" : name) {
            case "ed25519" -> Algorithm.ED25519;
            case "es256" -> Algorithm.ES256;
            default -> throw new ParameterException(spec.commandLine(), "--alg is ed25519 or es256, not " + name + ".");
        };
    }

    private void print(KeyFiles files, Instant now) throws IOException {
        boolean walletService = files.isWalletService();
        Optional<SigningKey> signing = walletService
                ? files.readWalletService().signingAt(now)
                : files.read(now).signingAt(now);
        for (SigningKey key : files.signingKeys()) {
            VerificationKey shown = key.publicKey();
            boolean current =
                    signing.isPresent() && signing.get().publicKey().kid().equals(shown.kid());
            PrintWriter out = out();
            out.println("  " + shown.kid() + (current ? "  (signs now)" : ""));
            if (!shown.kid().equals(shown.thumbprint())) {
                out.println("    thumbprint " + shown.thumbprint());
            }
            out.println("    " + shown.algorithm() + ", roles "
                    + shown.roles().stream().map(Role::wireName).sorted().collect(Collectors.joining(" ")));
            out.println("    from " + time(shown.nbf()) + " until " + time(shown.exp())
                    + (shown.revoked() == null ? "" : ", revoked " + shown.revoked()));
        }
        if (signing.isEmpty()) {
            out().println(
                            "  No key may be used now: nothing can be offered. Make one with: farthing-server keys rotate");
        }
        printSecrets(files.secrets(), now);
    }

    private void printSecrets(List<SecretFile> secrets, Instant now) {
        String current = "";
        for (SecretFile secret : secrets) {
            current = current.isEmpty() || !now.isBefore(secret.from()) ? secret.name() : current;
        }
        for (SecretFile secret : secrets) {
            String word = secret.isSpent(now)
                    ? "  (spent: keys prune deletes it)"
                    : secret.name().equals(current) ? "  (makes ids now)" : "";
            out().println("  " + secret.name() + word);
            out().println("    from " + time(secret.from())
                    + (secret.until().equals(Instant.MAX) ? "" : ", verifies until " + time(secret.until())));
        }
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "-" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** The option every key command has. */
    static final class KeyFolder {

        @Option(
                names = {"--dir", "--keys"},
                paramLabel = "DIR",
                defaultValue = DEFAULT,
                description = "The key folder (default: ${DEFAULT-VALUE}).")
        private Path dir = Path.of(DEFAULT);

        /** Where keys are unless somebody says otherwise. */
        static final String DEFAULT = "farthing-keys";

        KeyFiles files() {
            return KeyFiles.in(dir);
        }
    }
}
