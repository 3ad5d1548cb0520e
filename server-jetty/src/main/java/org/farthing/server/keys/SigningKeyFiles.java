package org.farthing.server.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/** The signing keys of a key folder, {@code signing-TIME.jwk}: TIME is when the file was made, so that names sort by age. */
final class SigningKeyFiles {

    private static final String PREFIX = "signing-";
    private static final String SUFFIX = ".jwk";

    private final Path folder;

    SigningKeyFiles(Path folder) {
        this.folder = folder;
    }

    /** By age. */
    List<Path> list() throws IOException {
        return KeyNames.files(folder, PREFIX, SUFFIX);
    }

    /**
     * Reads all, oldest first.
     *
     * @param wanted whose keys they must be, or null for those of one purpose, whichever it is
     */
    List<SigningKey> read(@Nullable KeyPurpose wanted) throws IOException {
        String init = wanted == KeyPurpose.WALLET_SERVICE ? "init --wallet-service" : "init";
        OwnerOnly.requireFolder(folder, init);
        List<SigningKey> keys = new ArrayList<>();
        KeyPurpose purpose = wanted;
        for (Path file : list()) {
            SigningKey key = readOne(file);
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

    private static SigningKey readOne(Path file) throws IOException {
        try {
            return SigningKey.fromJwk(new String(OwnerOnly.read(file), StandardCharsets.UTF_8).strip());
        } catch (MalformedException | IllegalArgumentException e) {
            throw KeyNames.unusable(file, e);
        }
    }

    /** Puts the word into its file; throws if there is no such key, or it was revoked before that time. */
    SigningKey revoke(String kid, Instant since) throws IOException {
        for (Path file : list()) {
            SigningKey key = readOne(file);
            if (!key.publicKey().kid().equals(kid)) {
                continue;
            }
            Instant earlier = key.publicKey().revoked();
            if (earlier != null && !since.isBefore(earlier)) {
                throw new KeyFileException(kid + " is revoked since " + earlier + " already, and was not touched.");
            }
            SigningKey revoked = key.withRevoked(since.truncatedTo(ChronoUnit.SECONDS));
            OwnerOnly.replace(file, (revoked.exportPrivateJwk() + "\n").getBytes(StandardCharsets.UTF_8));
            return revoked;
        }
        throw new KeyFileException(
                "There is no key " + kid + " in " + folder + ". See: farthing-server keys list --dir " + folder);
    }

    /** Those that nothing signed any more is verified by. */
    List<Path> spent(Instant now) throws IOException {
        List<Path> spent = new ArrayList<>();
        for (Path file : list()) {
            Instant end = readOne(file).publicKey().exp();
            if (end != null && now.isAfter(end.plus(KeyFiles.RECEIPTS_KEPT))) {
                spent.add(file);
            }
        }
        return spent;
    }

    SigningKey add(KeyPurpose purpose, Algorithm algorithm, Instant now, Instant notBefore, SecureRandom random)
            throws IOException {
        SigningKey key = typeable(algorithm, random)
                .withRoles(purpose.roles)
                .withTimes(now, notBefore, notBefore.plus(KeyFiles.KEY_LIFE));
        Path file = folder.resolve(PREFIX + KeyNames.STAMP.format(now) + SUFFIX);
        OwnerOnly.create(file, (key.exportPrivateJwk() + "\n").getBytes(StandardCharsets.UTF_8));
        return key;
    }

    /** A new key whose name does not look like an option on the command line. */
    static SigningKey typeable(Algorithm algorithm, SecureRandom random) {
        SigningKey key = SigningKey.generate(algorithm, null, random);
        while (key.publicKey().kid().startsWith("-")) {
            key = SigningKey.generate(algorithm, null, random);
        }
        return key;
    }
}
