package org.farthing.server.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * The folder with the keys of a server that charges, or of a wallet service (specification: keys.md, F-KY-31 and F-KY-40; binding.md, F-BI-10 to F-BI-12):
 *
 * <ul>
 *   <li>{@code signing-TIME.jwk}: a private JWK with its roles and the times it is used in; signs challenges and receipts,
 *       or receipt tokens
 *   <li>{@code challenge-TIME.secret}: 32 random bytes in base64url; binds challenge ids. The newest is used, older ones
 *       go on verifying. A wallet service has none
 *   <li>{@code admin.bearer}: the administrator's bearer, for top-ups and payees over HTTP; may be absent
 * </ul>
 *
 * <p>{@code TIME} is when the file was made and sorts by age. The folder has mode 0700 and the files 0600; what others can
 * read is refused with a sentence that says how to mend it. Files are made whole and never overwritten; rotating adds
 * files and leaves the old ones for the operator to delete. Blocking file I/O; safe from several threads.
 */
public final class KeyFiles {

    /** How long a new signing key can be used: longer than its receipts need to verify, if rotated every 90 days. */
    public static final Duration KEY_LIFE = Duration.ofDays(400);

    /** How long a new key must be published before it signs: the time clients keep a key document (F-KY-31). */
    public static final Duration SHORTEST_LEAD = Duration.ofHours(1);

    /** How long a retired secret verifies after it is loaded: a challenge's life, and claim retention (F-BI-12). */
    static final Duration RETIRED_SECRET = Duration.ofHours(26);

    private static final String SIGNING = "signing-";
    private static final String SECRET = "challenge-";
    private static final String ADMIN = "admin.bearer";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;

    private KeyFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Names a key folder. Nothing is read yet.
     *
     * @param folder the folder
     * @return access to it
     */
    public static KeyFiles in(Path folder) {
        return new KeyFiles(folder);
    }

    /**
     * Returns where the keys are.
     *
     * @return the folder
     */
    public Path folder() {
        return folder;
    }

    /**
     * Returns where the administrator's bearer is.
     *
     * @return the file; it may not exist
     */
    public Path adminFile() {
        return folder.resolve(ADMIN);
    }

    /**
     * Makes the folder, a signing key that can be used at once, a secret and an administrator's bearer.
     *
     * @param algorithm the signing key's algorithm
     * @param now the time
     * @param random where keys come from
     * @throws IOException if the folder holds a signing key already, is open to others, or cannot be written
     */
    public void init(Algorithm algorithm, Instant now, SecureRandom random) throws IOException {
        init(KeyPurpose.PAYEE, algorithm, now, random);
    }

    /**
     * Makes the folder of a wallet service: a key that signs receipt tokens and can be used at once, and an administrator's
     * bearer. There is no challenge secret: a wallet service offers nothing.
     *
     * @param algorithm the signing key's algorithm
     * @param now the time
     * @param random where keys come from
     * @throws IOException if the folder holds a signing key already, is open to others, or cannot be written
     */
    public void initWalletService(Algorithm algorithm, Instant now, SecureRandom random) throws IOException {
        init(KeyPurpose.WALLET_SERVICE, algorithm, now, random);
    }

    private void init(KeyPurpose purpose, Algorithm algorithm, Instant now, SecureRandom random) throws IOException {
        OwnerOnly.makeFolder(folder);
        if (!files(SIGNING, ".jwk").isEmpty()) {
            throw new KeyFileException(folder + " holds keys already, and they were not touched."
                    + " To replace them step by step: farthing-server keys rotate --dir " + folder);
        }
        // The signing key comes last: an init that was interrupted can be repeated and completes what is missing.
        if (purpose == KeyPurpose.PAYEE && files(SECRET, ".secret").isEmpty()) {
            addSecret(now, random);
        }
        if (!Files.exists(adminFile())) {
            write(adminFile(), AdminBearer.generate(random));
        }
        addSigningKey(purpose, algorithm, now, now, random);
    }

    /**
     * Adds a signing key that takes over later, so that clients meet it in the key document before it signs (F-KY-31).
     * The server publishes it after its next start.
     *
     * @param algorithm the new key's algorithm
     * @param lead how long from now it starts to sign; at least {@link #SHORTEST_LEAD} after the server was restarted
     * @param now the time
     * @param random where keys come from
     * @return the new key
     * @throws IOException if the folder holds no key yet, is open to others, or cannot be written
     * @throws IllegalArgumentException if the lead is shorter than {@link #SHORTEST_LEAD}
     */
    public SigningKey rotate(Algorithm algorithm, Duration lead, Instant now, SecureRandom random) throws IOException {
        if (lead.compareTo(SHORTEST_LEAD) < 0) {
            throw new IllegalArgumentException("A new key must be published for at least an hour before it signs,"
                    + " because clients keep the key document that long.");
        }
        KeyPurpose purpose = isWalletService() ? KeyPurpose.WALLET_SERVICE : KeyPurpose.PAYEE;
        return addSigningKey(purpose, algorithm, now, now.plus(lead), random);
    }

    /**
     * Adds a secret. The server uses it after its next start and goes on accepting challenges made with the older ones.
     *
     * @param now the time
     * @param random where the secret comes from
     * @throws IOException if the folder is open to others or cannot be written
     */
    public void addSecret(Instant now, SecureRandom random) throws IOException {
        OwnerOnly.requireFolder(folder);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        write(folder.resolve(SECRET + STAMP.format(now) + ".secret"), Base64Url.encode(secret));
    }

    /**
     * Loads everything a server needs.
     *
     * @param now the time; a signing key must be usable at it
     * @return the keys
     * @throws IOException if something is missing, unsafe, not usable now, or open to others
     */
    public ServerKeys load(Instant now) throws IOException {
        ServerKeys keys = new ServerKeys(signingKeys(KeyPurpose.PAYEE), secrets(now), admin());
        requireUsable(keys.signingAt(now), "init");
        return keys;
    }

    /**
     * Loads everything a wallet service needs.
     *
     * @param now the time; a signing key must be usable at it
     * @return the keys
     * @throws IOException if something is missing, unsafe, a payee's, not usable now, or open to others
     */
    public TokenKeys loadWalletService(Instant now) throws IOException {
        TokenKeys keys = new TokenKeys(signingKeys(KeyPurpose.WALLET_SERVICE), admin());
        requireUsable(keys.signingAt(now), "init --wallet-service");
        return keys;
    }

    private void requireUsable(Optional<SigningKey> signing, String init) throws IOException {
        if (signing.isEmpty()) {
            throw new KeyFileException("No signing key in " + folder
                    + " can be used now (see: farthing-server keys list"
                    + " --dir " + folder + "). Move the expired ones away and make a new one with: farthing-server keys"
                    + " " + init + " --dir " + folder);
        }
    }

    /**
     * Tells whose keys these are.
     *
     * @return true for a wallet service, false for a server that charges
     * @throws IOException if there is no signing key, or one is unsafe
     */
    public boolean isWalletService() throws IOException {
        List<SigningKey> keys = signingKeys();
        return KeyPurpose.of(keys.get(keys.size() - 1), folder) == KeyPurpose.WALLET_SERVICE;
    }

    /**
     * Reads the signing keys, oldest first.
     *
     * @return at least one key; all of a server that charges, or all of a wallet service
     * @throws IOException if there is none, or one is unsafe
     */
    public List<SigningKey> signingKeys() throws IOException {
        return signingKeys(null);
    }

    private List<SigningKey> signingKeys(@Nullable KeyPurpose wanted) throws IOException {
        String init = wanted == KeyPurpose.WALLET_SERVICE ? "init --wallet-service" : "init";
        OwnerOnly.requireFolder(folder, init);
        List<SigningKey> keys = new ArrayList<>();
        KeyPurpose purpose = wanted;
        for (Path file : files(SIGNING, ".jwk")) {
            SigningKey key = readSigningKey(file);
            purpose = purpose == null ? KeyPurpose.of(key, file) : purpose;
            purpose.require(key, file);
            keys.add(key);
        }
        if (keys.isEmpty()) {
            throw new KeyFileException("There is no signing key in " + folder + ". Make one with: farthing-server keys "
                    + init + " --dir " + folder);
        }
        return keys;
    }

    private SecretRing secrets(Instant now) throws IOException {
        List<Path> files = files(SECRET, ".secret");
        if (files.isEmpty()) {
            throw new KeyFileException("There is no challenge secret in " + folder
                    + ". Make one with: farthing-server keys rotate --secret --dir " + folder);
        }
        SecretRing.Builder ring = SecretRing.builder();
        Path current = files.get(files.size() - 1);
        for (Path file : files) {
            try {
                byte[] secret = Base64Url.decode(text(file), "secret");
                if (file.equals(current)) {
                    ring.current(secret);
                } else {
                    ring.retired(secret, now.plus(RETIRED_SECRET));
                }
            } catch (MalformedException | IllegalArgumentException e) {
                throw unusable(file, e);
            }
        }
        return ring.build();
    }

    private Optional<AdminBearer> admin() throws IOException {
        return Files.exists(adminFile()) ? Optional.of(AdminBearer.read(adminFile())) : Optional.empty();
    }

    private static SigningKey readSigningKey(Path file) throws IOException {
        try {
            return SigningKey.fromJwk(text(file));
        } catch (MalformedException | IllegalArgumentException e) {
            throw unusable(file, e);
        }
    }

    private SigningKey addSigningKey(
            KeyPurpose purpose, Algorithm algorithm, Instant now, Instant notBefore, SecureRandom random)
            throws IOException {
        SigningKey key = SigningKey.generate(algorithm, null, random)
                .withRoles(purpose.roles)
                .withTimes(now, notBefore, notBefore.plus(KEY_LIFE));
        write(folder.resolve(SIGNING + STAMP.format(now) + ".jwk"), key.exportPrivateJwk());
        return key;
    }

    private List<Path> files(String prefix, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(prefix) && name.endsWith(suffix);
                    })
                    .sorted()
                    .toList();
        }
    }

    private static String text(Path file) throws IOException {
        return new String(OwnerOnly.read(file), StandardCharsets.UTF_8).strip();
    }

    private static void write(Path file, String text) throws IOException {
        OwnerOnly.create(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static KeyFileException unusable(Path file, Exception why) {
        // The protocol's parsers name the place of a fault and never quote the input, so the reason can be shown.
        return new KeyFileException(file + " is not usable: " + why.getMessage());
    }
}
