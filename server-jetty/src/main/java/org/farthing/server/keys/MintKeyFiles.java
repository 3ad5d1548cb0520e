package org.farthing.server.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSecretKey;

/**
 * The folder with the private keys of a mint (specification: token-mint.md, F-TK-93 to F-TK-96): for each value and epoch a file
 * {@code token-BEGIN-VALUE.key}, JSON with the key, its value and its deadlines.
 *
 * <p>The folder has mode 0700 and the files 0600; what others can read is refused with a sentence that says how to mend it. A
 * file is made whole and never over an existing one, so two rotations at once make one epoch. Blocking file I/O; safe from
 * several threads and processes.
 */
public final class MintKeyFiles {

    private static final String PREFIX = "token-";
    private static final String CLOSED = "closed-";
    private static final String SUFFIX = ".key";
    private static final List<String> TIMES =
            List.of("not-before", "not-after", "spend-until", "redeem-until", "swap-until");

    private final Path folder;

    private MintKeyFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Names a key folder. Nothing is read yet.
     *
     * @param folder the folder
     * @return access to it
     */
    public static MintKeyFiles in(Path folder) {
        return new MintKeyFiles(folder);
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
     * Makes the folder if it is not there.
     *
     * @throws IOException if it is open to others or cannot be made
     */
    public void makeFolder() throws IOException {
        OwnerOnly.makeFolder(folder);
    }

    /**
     * Reads all keys, oldest epoch first.
     *
     * @return the keys; none if the folder is empty
     * @throws IOException if the folder is missing, something is open to others, or a file is not usable
     */
    public List<MintKey> read() throws IOException {
        requireFolder();
        List<MintKey> keys = new ArrayList<>();
        for (Path file : KeyNames.files(folder, PREFIX, SUFFIX)) {
            keys.add(read(file));
        }
        return keys;
    }

    /**
     * Writes a new key, unless there is one of this value and begin.
     *
     * @param key the key
     * @return true if it was written; false if somebody had made such a key before, which was not touched
     * @throws IOException if the folder is open to others or cannot be written
     */
    public boolean add(MintKey key) throws IOException {
        requireFolder();
        Path file = file(key.published());
        if (Files.exists(file)) {
            return false;
        }
        try {
            OwnerOnly.create(file, text(key).getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (KeyFileException e) {
            if (Files.exists(file)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Puts a closed key away: its file gets a name that is not read any more, so that another of the same value and begin can be
     * made.
     *
     * @param key the key
     * @throws IOException if the file cannot be renamed
     */
    public void putAway(MintKey key) throws IOException {
        requireFolder();
        Path file = file(key.published());
        if (Files.exists(file) && read(file).keyId().equals(key.keyId())) {
            try {
                Files.move(file, folder.resolve(CLOSED + key.keyId() + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // Another server of this folder was first.
            }
        }
    }

    /**
     * Deletes a key that nobody has seen.
     *
     * @param key the key
     * @throws IOException if the file cannot be read or deleted
     */
    public void discard(MintKey key) throws IOException {
        requireFolder();
        Path file = file(key.published());
        if (Files.exists(file) && read(file).keyId().equals(key.keyId())) {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Tells with which bytes the ids of keys end that were ever made here and are not over: no other may end so (F-TK-93).
     *
     * @return the last bytes, also of keys that were put away
     * @throws IOException if something is open to others, or a file is not usable
     */
    public Set<Integer> lastBytes() throws IOException {
        Set<Integer> lastBytes = new HashSet<>();
        for (MintKey key : read()) {
            lastBytes.add(key.published().key().truncatedId());
        }
        for (Path file : KeyNames.files(folder, CLOSED, SUFFIX)) {
            putAway(file).ifPresent(key -> lastBytes.add(key.key().truncatedId()));
        }
        return lastBytes;
    }

    /**
     * Deletes the keys that nothing can be done with any more, also those that were put away (F-TK-96).
     *
     * @param now the time
     * @return what was deleted
     * @throws IOException if a file cannot be read or deleted
     */
    public List<PublishedKey> prune(Instant now) throws IOException {
        List<PublishedKey> ended = new ArrayList<>();
        for (MintKey key : read()) {
            if (now.isAfter(key.published().swapUntil())) {
                Files.deleteIfExists(file(key.published()));
                ended.add(key.published());
            }
        }
        for (Path file : KeyNames.files(folder, CLOSED, SUFFIX)) {
            putAway(file).filter(key -> now.isAfter(key.swapUntil())).ifPresent(ended::add);
        }
        for (PublishedKey key : ended) {
            Files.deleteIfExists(folder.resolve(CLOSED + key.key().keyId() + SUFFIX));
        }
        return ended;
    }

    /** Nothing depends on a key that was put away, so what cannot be read stays and hinders nobody. */
    private static Optional<PublishedKey> putAway(Path file) {
        try {
            return Optional.of(content(file).published());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Digests all key files, to notice that one changed.
     *
     * @return another text when the files are others
     * @throws IOException if the folder is missing, or something is open to others
     */
    public String state() throws IOException {
        requireFolder();
        MessageDigest digest = sha256();
        for (Path file : KeyNames.files(folder, PREFIX, SUFFIX)) {
            byte[] content = OwnerOnly.read(file);
            digest.update((file.getFileName() + ":" + content.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(content);
        }
        return Base64Url.encode(digest.digest());
    }

    private void requireFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new KeyFileException("There is no folder " + folder + " for the keys of the mint.");
        }
        OwnerOnly.requireFolder(folder);
    }

    private Path file(PublishedKey key) {
        return folder.resolve(PREFIX + KeyNames.STAMP.format(key.notBefore()) + "-"
                + key.value().format() + SUFFIX);
    }

    private static String text(MintKey key) {
        PublishedKey published = key.published();
        Map<String, Object> members = new TreeMap<>();
        members.put("currency", published.currency().text());
        members.put("key", Base64Url.encode(key.secret().pkcs8()));
        members.put("value", published.value().format());
        List<Instant> times = List.of(
                published.notBefore(),
                published.notAfter(),
                published.spendUntil(),
                published.redeemUntil(),
                published.swapUntil());
        for (int i = 0; i < times.size(); i++) {
            members.put(TIMES.get(i), Rfc3339.format(times.get(i)));
        }
        return CanonicalJson.write(members) + "\n";
    }

    private MintKey read(Path file) throws IOException {
        MintKey key = content(file);
        if (!file.getFileName().equals(file(key.published()).getFileName())) {
            throw new KeyFileException(file + " has another name than its content says: it belongs in "
                    + file(key.published()).getFileName() + ".");
        }
        return key;
    }

    private static MintKey content(Path file) throws IOException {
        try {
            Members members =
                    new Members(StrictJson.parseObject(OwnerOnly.read(file), "key", StrictJson.Limits.FIELD), "key");
            TokenSecretKey secret = TokenSecretKey.fromPkcs8(Base64Url.decode(members.text("key"), "key.key"));
            List<Instant> times = new ArrayList<>();
            for (String name : TIMES) {
                times.add(Rfc3339.parse(members.text(name), "key." + name));
            }
            PublishedKey published = new PublishedKey(
                    secret.publicKey(),
                    Amount.parse(members.text("value"), "key.value"),
                    CurrencyId.parse(members.text("currency"), "key.currency"),
                    times.get(0),
                    times.get(1),
                    times.get(2),
                    times.get(3),
                    times.get(4));
            return new MintKey(secret, published);
        } catch (MalformedException | IllegalArgumentException e) {
            throw KeyNames.unusable(file, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
