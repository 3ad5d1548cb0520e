package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.server.keys.KeyFiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farthing-server keys}: makes, shows and rotates the key folder. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Makes, shows and rotates the server's keys: files only you can open.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server keys init                      makes ./farthing-keys",
            "  farthing-server keys list --dir /etc/farthing/keys",
            "  farthing-server keys rotate                    a new signing key, in use from tomorrow"
        })
final class KeysCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final InstantSource clock;

    KeysCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with the keys: init, list or rotate.");
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
            description = "Shows the signing keys: kid, thumbprint, roles, times. No secret is printed.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server keys list --dir /etc/farthing/keys")
    int list(@Mixin KeyFolder folder) throws IOException {
        print(folder.files(), clock.instant());
        return 0;
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Adds a signing key that takes over later; the old ones stay published.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  farthing-server keys rotate                    signs from tomorrow on",
                "  farthing-server keys rotate --in PT48H --alg es256",
                "  farthing-server keys rotate --secret           a new challenge secret, used from the next start",
                "%nRestart the server soon: clients must see the new key for an hour before it signs. Rotate every 90",
                "days. Delete an old signing key when its receipts need not verify any more, a year after it signed",
                "last; delete an old secret two days after the restart."
            })
    int rotate(
            @Mixin KeyFolder folder,
            @Option(
                            names = "--in",
                            paramLabel = "DURATION",
                            defaultValue = "PT24H",
                            description = "When it starts to sign, from now: ISO 8601, at least PT1H (default: PT24H).")
                    Duration lead,
            @Option(names = "--alg", paramLabel = "ALG", description = "ed25519 or es256; default: as the newest key.")
                    @Nullable
                    String alg,
            @Option(names = "--secret", description = "Rotate the challenge secret instead of the signing key.")
                    boolean secret)
            throws IOException {
        KeyFiles files = folder.files();
        if (secret && files.isWalletService()) {
            throw new CommandFailedException(
                    files.folder() + " is a wallet service's, which has no challenge secret. Rotate its signing key.");
        }
        if (secret) {
            files.addSecret(clock.instant(), new SecureRandom());
            out().println("Made a challenge secret in " + files.folder() + ". Restart the server to use it.");
            return 0;
        }
        if (lead.compareTo(KeyFiles.SHORTEST_LEAD) < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--in must be at least PT1H: clients keep the list of keys for an hour, so a key that signs sooner"
                            + " is unknown to them.");
        }
        Algorithm algorithm = alg == null ? newest(files).publicKey().algorithm() : algorithm(alg);
        files.rotate(algorithm, lead, clock.instant(), new SecureRandom());
        print(files, clock.instant());
        out().println("Restart the server within "
                + lead.minus(KeyFiles.SHORTEST_LEAD).toHours() + " hours to publish the new key before it signs.");
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
        Optional<SigningKey> signing = files.isWalletService()
                ? files.loadWalletService(now).signingAt(now)
                : files.load(now).signingAt(now);
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
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "-" : time.toString();
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
