package org.farthing.client.purse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.farthing.client.files.OwnerOnly;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;

/**
 * The key that gets a wallet back: it raises limits, lifts a freeze and changes the keys that may sign orders, and signs no
 * order itself (spec/wallets.md, F-WA-15). It lies in a file of its own outside the purse, because whoever has both has the
 * wallet for good; its owner moves the file to another place.
 */
public final class RecoveryKey {

    private final Origin service;
    private final String wallet;
    private final SigningKey key;

    private RecoveryKey(Origin service, String wallet, SigningKey key) {
        this.service = service;
        this.wallet = wallet;
        this.key = key;
    }

    /**
     * Makes a new key for the wallet that a purse has at a service.
     *
     * @param file where it is kept; it must not exist, and not lie in the purse
     * @param purse the purse
     * @param service the service's origin
     * @param random where the key comes from
     * @return the key; its file has reached the disk
     * @throws java.nio.file.FileAlreadyExistsException if the file exists; it is left as it is
     * @throws IOException if the file lies in the purse, or cannot be written for its owner alone
     */
    public static RecoveryKey create(Path file, Purse purse, Origin service, SecureRandom random) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null || folder.toRealPath().startsWith(purse.directory().toRealPath())) {
            throw new PurseException(
                    "a recovery key in the purse recovers nothing; name a file outside " + purse.directory());
        }
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, random);
        String wallet = purse.walletId(service);
        OwnerOnly.create(
                file, PurseFile.write(Map.of("jwk", members(key), "origin", service.text(), "recovers", wallet)));
        return new RecoveryKey(service, wallet, key);
    }

    private static Map<String, Object> members(SigningKey key) {
        try {
            return Map.copyOf(StrictJson.parseObject(key.exportPrivateJwk(), "recovery", StrictJson.Limits.BODY));
        } catch (MalformedException e) {
            throw new IllegalStateException("a key writes what can be read", e);
        }
    }

    /**
     * Reads a key.
     *
     * @param file its file
     * @return the key
     * @throws IOException if there is none, it is damaged, or others can read it
     */
    public static RecoveryKey open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new PurseException("there is no recovery key in " + file);
        }
        try {
            Members members = PurseFile.read(file);
            return new RecoveryKey(
                    Origin.parse(members.text("origin"), "recovery.origin"),
                    members.text("recovers"),
                    SigningKey.fromJwk(CanonicalJson.write(members.object("jwk"))));
        } catch (MalformedException e) {
            throw PurseFile.damaged(file);
        }
    }

    /**
     * The wallet service.
     *
     * @return its origin
     */
    public Origin service() {
        return service;
    }

    /**
     * The wallet this key recovers.
     *
     * @return its id
     */
    public String wallet() {
        return wallet;
    }

    /**
     * The private key. It cannot be printed.
     *
     * @return the key
     */
    public SigningKey key() {
        return key;
    }

    /** Names the wallet, and nothing of the key. */
    @Override
    public String toString() {
        return "RecoveryKey[" + wallet + " at " + service + "]";
    }
}
