package org.farthing.conformance.reference;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import org.farthing.server.mint.MintKeys;

/**
 * The keys of the reference server's issuer. One of them was made as if two months ago: its tokens cannot be spent any more, and
 * are honoured by the issuer still.
 *
 * @param keys all of them
 * @param ended the old one, for 1000 millionths of a dollar
 */
public record ReferenceTokenKeys(MintKeys keys, MintKey ended) {

    /** What a token of the old key is worth: the price of the page {@code paid}. */
    public static final Amount WORTH = Amount.of(1000);

    private static final CurrencyId CURRENCY = new CurrencyId("usd.e6");
    private static final Duration SINCE_ITS_END = Duration.ofDays(1);

    /** Where they come from. */
    @FunctionalInterface
    public interface Source {

        /**
         * Makes or reads them.
         *
         * @param folder a folder of their own
         * @param now the time
         * @return the keys
         * @throws IOException if the folder cannot be used
         */
        ReferenceTokenKeys at(Path folder, Instant now) throws IOException;
    }

    /** Keys in a folder, which the issuer makes and rotates. */
    static ReferenceTokenKeys in(Path folder, Instant now) throws IOException {
        return in(folder, now, () -> TokenSecretKey.generate(new SecureRandom()));
    }

    /** The same with keys that somebody makes. */
    static ReferenceTokenKeys in(Path folder, Instant now, Supplier<TokenSecretKey> maker) throws IOException {
        MintKeyFiles files = MintKeyFiles.in(folder);
        files.makeFolder();
        Optional<MintKey> before = files.read().stream()
                .filter(key -> !key.published().spendableAt(now)
                        && key.published().swappableAt(now)
                        && key.published().value().equals(WORTH))
                .findFirst();
        if (before.isPresent()) {
            return new ReferenceTokenKeys(MintKeys.in(files), before.get());
        }
        TokenSecretKey secret = maker.get();
        // Two keys whose ids end in the same byte would make a directory nobody can read (F-TK-93).
        for (Set<Integer> taken = files.lastBytes();
                taken.contains(secret.publicKey().truncatedId()); ) {
            secret = maker.get();
        }
        MintKey ended = new MintKey(secret, ended(secret, now));
        var unused = files.add(ended);
        return new ReferenceTokenKeys(MintKeys.in(files), ended);
    }

    /** What the directory says of a key that ended a day ago. */
    public static PublishedKey ended(TokenSecretKey secret, Instant now) {
        Instant end = Instant.ofEpochSecond(now.minus(SINCE_ITS_END).getEpochSecond());
        return new PublishedKey(
                secret.publicKey(),
                WORTH,
                CURRENCY,
                end.minus(Duration.ofDays(60)),
                end.minus(Duration.ofDays(30)),
                end,
                end.plus(Duration.ofDays(7)),
                end.plus(Duration.ofDays(30)));
    }

    /** A token of the old key, as somebody would have it who did not spend it in time. */
    BlindToken expired(TokenChallenge challenge) {
        PendingToken pending = PendingToken.begin(
                ended.published().key(),
                challenge,
                random(32),
                random(PendingToken.SALT_LENGTH),
                random(PendingToken.BLIND_SEED_LENGTH));
        try {
            byte[] signed = ended.secret().blindSign(pending.request().blinded());
            return pending.finish(new TokenResponse(signed));
        } catch (MalformedException | SignatureRejectedException e) {
            throw new IllegalStateException("a key signs what is made for it", e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** No key is shown. */
    @Override
    public String toString() {
        return "ReferenceTokenKeys[" + keys + "]";
    }
}
