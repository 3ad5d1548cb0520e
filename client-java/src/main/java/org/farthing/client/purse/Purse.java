package org.farthing.client.purse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.files.ProcessLock;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Hkdf;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;

/**
 * The payer's keys: a directory with one seed of 32 random bytes. The key for the ledger at an origin follows from seed and
 * origin (HKDF-SHA256), so two payees with ledgers of their own cannot tell that their customers are one (spec/wallets.md,
 * F-WA-10). Losing the seed is losing the wallets; keep a copy of {@code purse.json} where nobody else finds it.
 *
 * <p>Everything in the directory belongs to the owner alone; a purse that others can read is refused. No method prints or
 * returns the seed. Top-up credentials are never kept here (F-WA-12).
 *
 * <p>Safe to share between threads and between processes. Methods that read or write files block.
 */
public final class Purse {

    private static final String SEED_FILE = "purse.json";
    private static final String JOURNAL_FILE = "used-journal.json";
    private static final String WALLETS_FILE = "wallets.json";
    private static final String SERVICES_FILE = "services.json";
    private static final String DERIVATION = "farthing-wallet-v1|";
    private static final String TOKENS = "farthing-tokens-v1";
    private static final int SEED_BYTES = 32;
    private static final int MOST_WALLETS = 200;

    private final Path directory;
    private final byte[] seed;
    private final ProcessLock lock;
    private final ConcurrentMap<Origin, SigningKey> keys = new ConcurrentHashMap<>();
    private final ConcurrentMap<Origin, String> recovered = new ConcurrentHashMap<>();

    private Purse(Path directory, byte[] seed) {
        this.directory = directory;
        this.seed = seed;
        this.lock = new ProcessLock(directory.resolve("lock"), Duration.ofSeconds(10));
    }

    /**
     * A wallet that this purse is known to have opened.
     *
     * @param origin the ledger's origin
     * @param id the wallet's id there
     */
    public record KnownWallet(Origin origin, String id) {}

    /**
     * Makes a new purse with a new seed.
     *
     * @param directory where; created for the owner only, or an owner-only directory without a purse in it
     * @param random where the seed comes from
     * @return the purse
     * @throws FileAlreadyExistsException if there is a purse already; it is left as it is
     * @throws IOException if the directory cannot be made, written, or kept to its owner
     */
    public static Purse create(Path directory, SecureRandom random) throws IOException {
        OwnerOnly.directory(directory);
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        OwnerOnly.create(directory.resolve(SEED_FILE), PurseFile.write(Map.of("seed", Base64Url.encode(seed))));
        return new Purse(directory.toAbsolutePath().normalize(), seed);
    }

    /**
     * Opens a purse.
     *
     * @param directory where it is
     * @return the purse
     * @throws IOException if there is none, it is damaged, or others can read it
     */
    public static Purse open(Path directory) throws IOException {
        Path file = directory.resolve(SEED_FILE);
        if (!Files.exists(file)) {
            throw new PurseException("there is no purse in " + directory + "; make one first");
        }
        OwnerOnly.check(directory);
        try {
            byte[] seed = Base64Url.decode(PurseFile.read(file).text("seed"), "seed");
            if (seed.length != SEED_BYTES) {
                throw PurseFile.damaged(file);
            }
            Purse purse = new Purse(directory.toAbsolutePath().normalize(), seed);
            for (KnownWallet wallet : purse.wallets()) {
                if (!wallet.id().equals(purse.walletId(wallet.origin()))) {
                    purse.recovered.put(wallet.origin(), wallet.id());
                }
            }
            return purse;
        } catch (MalformedException e) {
            throw PurseFile.damaged(file);
        }
    }

    /**
     * Where the purse is. The journal and the pins of its payments belong there too.
     *
     * @return the directory
     */
    public Path directory() {
        return directory;
    }

    /**
     * The private key for a ledger. Whoever has it can spend what is in the wallet there; methods that sign orders need
     * it, and nothing else does.
     *
     * @param ledger the ledger's origin
     * @return the key, named by its thumbprint; it cannot be printed
     */
    public SigningKey signingKey(Origin ledger) {
        return keys.computeIfAbsent(ledger, origin -> {
            byte[] info = (DERIVATION + origin.text()).getBytes(US_ASCII);
            return SigningKey.fromEd25519Seed(Hkdf.derive(seed, new byte[0], info, SEED_BYTES));
        });
    }

    /**
     * The public key for a ledger.
     *
     * @param ledger the ledger's origin
     * @return the key a registration shows
     */
    public VerificationKey publicKey(Origin ledger) {
        return signingKey(ledger).publicKey();
    }

    /**
     * What the tokens of this purse follow from. Whoever has it can spend them; what asks for tokens needs it, and nothing
     * else does.
     *
     * @return the secrets; they cannot be printed
     */
    public TokenSecrets tokenSecrets() {
        return new TokenSecrets(Hkdf.derive(seed, new byte[0], TOKENS.getBytes(US_ASCII), SEED_BYTES));
    }

    /**
     * The id of the wallet at a ledger, known before it is registered there.
     *
     * @param ledger the ledger's origin
     * @return the id that follows from the key, or that of the wallet which this purse recovered there
     */
    public String walletId(Origin ledger) {
        String id = recovered.get(ledger);
        return id == null ? WalletId.of(publicKey(ledger)) : id;
    }

    /**
     * Takes over a wallet that another purse opened: from now on it is this purse's wallet at the ledger. Before it can pay,
     * the ledger must be told this purse's key, with the wallet's recovery key (F-WA-17).
     *
     * @param ledger the ledger's origin
     * @param wallet the id of the wallet there
     * @throws IOException if this purse has another wallet there already, or its list cannot be read or written
     */
    public void recover(Origin ledger, String wallet) throws IOException {
        lock.holding(() -> {
            List<KnownWallet> known = read();
            if (known.stream()
                    .anyMatch(other ->
                            other.origin().equals(ledger) && !other.id().equals(wallet))) {
                throw new PurseException("this purse has another wallet at " + ledger
                        + " already; recover into a new purse, or you could not pay from that one any more");
            }
            write(known, new KnownWallet(ledger, wallet));
            return wallet;
        });
        recovered.put(ledger, wallet);
    }

    /**
     * Binds the purse to the journal of its payments. The first journal is remembered; from then on any other is refused,
     * because a new journal has forgotten what was spent (F-CL-42).
     *
     * @param journal the journal's name
     * @throws IOException if the purse was used with another journal, or its files cannot be read or written
     */
    public void useJournal(String journal) throws IOException {
        lock.holding(() -> {
            Path file = directory.resolve(JOURNAL_FILE);
            if (!Files.exists(file)) {
                OwnerOnly.replace(file, PurseFile.write(Map.of("journal", journal)));
            } else if (!known(file).equals(journal)) {
                throw new PurseException("the purse in " + directory
                        + " was used with another journal; restore that one, or forget it on purpose");
            }
            return file;
        });
    }

    private static String known(Path file) throws IOException {
        try {
            return PurseFile.read(file).text("journal");
        } catch (MalformedException e) {
            throw PurseFile.damaged(file);
        }
    }

    /**
     * Lets the purse be used with another journal: budgets start afresh. For an owner whose journal is lost.
     *
     * @throws IOException if the file cannot be removed
     */
    public void forgetJournal() throws IOException {
        lock.holding(() -> {
            Files.deleteIfExists(directory.resolve(JOURNAL_FILE));
            OwnerOnly.syncDirectory(directory);
            return directory;
        });
    }

    /**
     * Remembers that a wallet was opened at a ledger, so that it can be shown without asking around.
     *
     * @param ledger the ledger's origin
     * @throws IOException if the list cannot be read or written
     */
    public void remember(Origin ledger) throws IOException {
        lock.holding(() -> {
            List<KnownWallet> known = read();
            boolean there = known.stream().anyMatch(wallet -> wallet.origin().equals(ledger));
            if (!there && known.size() < MOST_WALLETS) {
                write(known, new KnownWallet(ledger, walletId(ledger)));
            }
            return known;
        });
    }

    private void write(List<KnownWallet> known, KnownWallet another) throws IOException {
        Map<String, Object> wallets = new TreeMap<>();
        known.forEach(wallet -> wallets.put(wallet.origin().text(), entry(wallet)));
        wallets.put(another.origin().text(), entry(another));
        List<Object> list = new ArrayList<>(wallets.values());
        OwnerOnly.replace(directory.resolve(WALLETS_FILE), PurseFile.write(Map.of("wallets", list)));
    }

    private Map<String, Object> entry(KnownWallet wallet) {
        return Map.of(
                "origin",
                wallet.origin().text(),
                "wallet",
                wallet.id(),
                "jwk",
                publicKey(wallet.origin()).toJwk());
    }

    /**
     * The wallet services the owner chose.
     *
     * @return the list, kept in the purse's directory
     */
    public WalletServices services() {
        return new WalletServices(directory.resolve(SERVICES_FILE), lock);
    }

    /**
     * The wallets that were opened with this purse.
     *
     * @return the wallets, by origin
     * @throws IOException if the list cannot be read
     */
    public List<KnownWallet> wallets() throws IOException {
        return lock.holding(this::read);
    }

    private List<KnownWallet> read() throws IOException {
        Path file = directory.resolve(WALLETS_FILE);
        List<KnownWallet> wallets = new ArrayList<>();
        if (!Files.exists(file)) {
            return wallets;
        }
        try {
            for (Members wallet : PurseFile.read(file).objects("wallets")) {
                wallets.add(new KnownWallet(Origin.parse(wallet.text("origin")), wallet.text("wallet")));
            }
            return wallets;
        } catch (MalformedException e) {
            throw PurseFile.damaged(file);
        }
    }

    /** Shows where the purse is, and nothing of what is in it. */
    @Override
    public String toString() {
        return "Purse[" + directory + "]";
    }
}
