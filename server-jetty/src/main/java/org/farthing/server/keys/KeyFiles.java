package org.farthing.server.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;

/**
 * The folder with the keys of a server that charges, or of a wallet service (specification: keys.md, F-KY-31 and F-KY-40; binding.md, F-BI-10 to F-BI-12):
 *
 * <ul>
 *   <li>{@code signing-TIME.jwk}: a private JWK with its roles and the times it is used in; signs challenges and receipts,
 *       or receipt tokens
 *   <li>{@code challenge-TIME.secret}: 32 random bytes in base64url; binds challenge ids from TIME on. It verifies as soon as
 *       it is there, and older ones go on verifying. A wallet service has none
 *   <li>{@code admin.bearer}: the administrator's bearer, for top-ups and payees over HTTP; may be absent
 * </ul>
 *
 * <p>A signing key's {@code TIME} is when the file was made and sorts by age. The folder has mode 0700 and the files 0600;
 * what others can read is refused with a sentence that says how to mend it. Files are made and replaced whole; rotating adds
 * files and leaves the old ones until {@link #prune}. A running server takes up what changes: {@link KeyWatch}. Blocking file
 * I/O; safe from several threads.
 */
public final class KeyFiles {

    /** How long a new signing key can be used: longer than its receipts need to verify, if rotated every 90 days. */
    public static final Duration KEY_LIFE = Duration.ofDays(400);

    /** How long before it signs a new key is made: clients keep a key document for an hour (F-KY-31), servers need a moment. */
    public static final Duration SHORTEST_LEAD = Duration.ofMinutes(61);

    /** How long before its use a new secret is made unless somebody says otherwise: time to copy it to other servers. */
    public static final Duration SECRET_LEAD = Duration.ofMinutes(10);

    /** How long after its end a signing key stays published, for receipts to be verified (F-KY-31). */
    public static final Duration RECEIPTS_KEPT = Duration.ofDays(365);

    private static final String ADMIN = "admin.bearer";

    private final Path folder;
    private final SigningKeyFiles signing;
    private final SecretFiles secrets;

    private KeyFiles(Path folder) {
        this.folder = folder;
        this.signing = new SigningKeyFiles(folder);
        this.secrets = new SecretFiles(folder);
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
        if (!signing.list().isEmpty()) {
            throw new KeyFileException(folder + " holds keys already, and they were not touched."
                    + " To replace them step by step: farthing-server keys rotate --dir " + folder);
        }
        // The signing key comes last: an init that was interrupted can be repeated and completes what is missing.
        if (purpose == KeyPurpose.PAYEE && secrets.list().isEmpty()) {
            addSecret(Duration.ZERO, now, random);
        }
        if (!Files.exists(adminFile())) {
            write(adminFile(), AdminBearer.generate(random));
        }
        signing.add(purpose, algorithm, now, now, random);
    }

    /**
     * Adds a signing key that takes over later, so that clients meet it in the key document before it signs (F-KY-31).
     * A running server publishes it at once.
     *
     * @param algorithm the new key's algorithm
     * @param lead how long from now it starts to sign
     * @param now the time
     * @param random where keys come from
     * @return the new key
     * @throws IOException if the folder holds no key yet, is open to others, or cannot be written
     * @throws IllegalArgumentException if the lead is shorter than {@link #SHORTEST_LEAD}
     */
    public SigningKey rotate(Algorithm algorithm, Duration lead, Instant now, SecureRandom random) throws IOException {
        if (lead.compareTo(SHORTEST_LEAD) < 0) {
            throw new IllegalArgumentException("A new key must be made at least 61 minutes before it signs:"
                    + " clients keep the key document for an hour.");
        }
        KeyPurpose purpose = isWalletService() ? KeyPurpose.WALLET_SERVICE : KeyPurpose.PAYEE;
        return signing.add(purpose, algorithm, now, now.plus(lead), random);
    }

    /**
     * Adds a secret. Servers accept what it makes at once, make ids with it when its lead is over, and go on accepting
     * challenges made with the older ones.
     *
     * @param lead how long from now it begins to make ids; with several servers, longer than it takes until each has the file
     * @param now the time
     * @param random where the secret comes from
     * @throws IOException if the folder is open to others or cannot be written
     */
    public void addSecret(Duration lead, Instant now, SecureRandom random) throws IOException {
        OwnerOnly.requireFolder(folder);
        secrets.add(now.plus(lead), random);
    }

    /**
     * Lists the challenge secrets by the time they begin; no secret is read.
     *
     * @return one for each file, none for a wallet service
     * @throws IOException if the folder cannot be read, or a name does not say a time
     */
    public List<SecretFile> secrets() throws IOException {
        OwnerOnly.requireFolder(folder);
        return secrets.list();
    }

    /**
     * Revokes a signing key: it stays published with the word {@code revoked}, and counts for nothing from then on (F-KY-44).
     *
     * @param kid its name
     * @param since since when; in whole seconds
     * @return the revoked key
     * @throws IOException if there is no such key, it is revoked since earlier already, or its file cannot be replaced
     */
    public SigningKey revoke(String kid, Instant since) throws IOException {
        OwnerOnly.requireFolder(folder);
        return signing.revoke(kid, since);
    }

    /**
     * Adds a signing key that signs at once, in the place of one that was stolen. Clients that keep an older key document
     * fetch it anew (F-KY-52); a payer that pinned no key still in use has to ask its owner (F-KY-61).
     *
     * @param algorithm the new key's algorithm
     * @param now the time
     * @param random where keys come from
     * @return the new key
     * @throws IOException if the folder holds no key yet, is open to others, or cannot be written
     */
    public SigningKey replaceNow(Algorithm algorithm, Instant now, SecureRandom random) throws IOException {
        KeyPurpose purpose = isWalletService() ? KeyPurpose.WALLET_SERVICE : KeyPurpose.PAYEE;
        return signing.add(purpose, algorithm, now, now, random);
    }

    /**
     * Finds the files nothing needs any more: secrets whose last challenge cannot come again, and signing keys that ended
     * {@link #RECEIPTS_KEPT} ago. Something that is used now or later is never among them.
     *
     * @param now the time
     * @return the files, by name
     * @throws IOException if the folder cannot be read, or a file is unsafe
     */
    public List<Path> spent(Instant now) throws IOException {
        List<Path> spent = new ArrayList<>();
        for (SecretFile secret : secrets()) {
            if (secret.isSpent(now)) {
                spent.add(folder.resolve(secret.name()));
            }
        }
        spent.addAll(signing.spent(now));
        return spent;
    }

    /**
     * Deletes the files that {@link #spent} finds.
     *
     * @param now the time
     * @return what was deleted
     * @throws IOException if the folder cannot be read or changed, or a file is unsafe
     */
    public List<Path> prune(Instant now) throws IOException {
        List<Path> spent = spent(now);
        for (Path file : spent) {
            Files.deleteIfExists(file);
        }
        return spent;
    }

    /** A digest of all files a server loads, to notice that one changed. It refuses what {@link #load} refuses to open. */
    String state() throws IOException {
        if (!Files.isDirectory(folder)) {
            // Loading says how such a folder is made; that depends on whose it is.
            return "";
        }
        OwnerOnly.requireFolder(folder);
        List<Path> all = new ArrayList<>(signing.list());
        all.addAll(KeyNames.files(folder, SecretFiles.PREFIX, SecretFiles.SUFFIX));
        if (Files.exists(adminFile())) {
            all.add(adminFile());
        }
        MessageDigest digest = sha256();
        for (Path file : all) {
            byte[] content = OwnerOnly.read(file);
            digest.update((file.getFileName() + ":" + content.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(content);
        }
        return Base64Url.encode(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }

    /**
     * Loads everything a server needs.
     *
     * @param now the time; a signing key must be usable at it
     * @return the keys
     * @throws IOException if something is missing, unsafe, not usable now, or open to others
     */
    public ServerKeys load(Instant now) throws IOException {
        ServerKeys keys = read(now);
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
        TokenKeys keys = readWalletService();
        requireUsable(keys.signingAt(now), "init --wallet-service");
        return keys;
    }

    /**
     * Reads everything a running server goes on with.
     *
     * @param now the time; also when no signing key may be used at it, because the last one was revoked
     * @return the keys
     * @throws IOException if something is missing, unsafe, or open to others
     */
    public ServerKeys read(Instant now) throws IOException {
        return new ServerKeys(signing.read(KeyPurpose.PAYEE), secrets.ring(now), admin());
    }

    /**
     * Reads everything a running wallet service goes on with, also when no signing key may be used now.
     *
     * @return the keys
     * @throws IOException if something is missing, unsafe, a payee's, or open to others
     */
    public TokenKeys readWalletService() throws IOException {
        return new TokenKeys(signing.read(KeyPurpose.WALLET_SERVICE), admin());
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
        return signing.read(null);
    }

    private Optional<AdminBearer> admin() throws IOException {
        return Files.exists(adminFile()) ? Optional.of(AdminBearer.read(adminFile())) : Optional.empty();
    }

    private static void write(Path file, String text) throws IOException {
        OwnerOnly.create(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
