package org.farthing.conformance.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.BlindToken;
import org.jspecify.annotations.Nullable;

/** Makes the payer a config describes. */
final class Payers {

    private Payers() {}

    /**
     * The payer.
     *
     * @param payment how to pay, or null for nobody
     * @throws IOException if the key cannot be read; the message holds nothing of it
     */
    static Payer of(SiteConfig.@Nullable Payment payment) throws IOException {
        if (payment == null) {
            return Payer.NONE;
        }
        if (payment.wallet() == null) {
            return new CommandPayer(payment.command(), payment.method(), payment.intent(), payment.patience());
        }
        try {
            String ledger = payment.ledger();
            return by(
                    payment,
                    new WalletPayer(
                            key(Objects.requireNonNull(payment.wallet())),
                            payment.id(),
                            ledger == null ? null : Origin.parse(ledger, "payment.ledger")));
        } catch (MalformedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Somebody else who pays, by orders of a wallet of their own.
     *
     * @param payment how to pay, or null for nobody
     * @return who, or null if the config names no second wallet
     * @throws IOException if the key cannot be read; the message holds nothing of it
     */
    static @Nullable Payer second(SiteConfig.@Nullable Payment payment) throws IOException {
        return payment == null || payment.secondWallet() == null
                ? null
                : by(payment, new WalletPayer(key(Objects.requireNonNull(payment.secondWallet())), null, null));
    }

    /** By orders of the wallet, or by tokens that it buys. */
    private static Payer by(SiteConfig.Payment payment, WalletPayer wallet) {
        return "token".equals(payment.method()) ? new TokenBuyer(wallet) : wallet;
    }

    /**
     * The payee to play at the issuer of blind tokens.
     *
     * @param remote which, or null for none
     * @throws IOException if the key cannot be read; the message holds nothing of it
     */
    static @Nullable RemotePayee remote(SiteConfig.@Nullable Remote remote) throws IOException {
        return remote == null ? null : new RemotePayee(remote.origin(), key(remote.key()));
    }

    /**
     * A blind token in a file.
     *
     * @param file base64url of one token, or null for none
     * @throws IOException if the file cannot be read; the message holds nothing of it
     */
    static @Nullable BlindToken token(@Nullable Path file) throws IOException {
        if (file == null) {
            return null;
        }
        try {
            return BlindToken.parseAll(Files.readString(file).strip(), 1).get(0);
        } catch (MalformedException e) {
            throw new IOException(file + " is no blind token in base64url: " + e.getMessage(), e);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException("there is no file " + file + " with a blind token", e);
        }
    }

    private static SigningKey key(Path file) throws IOException {
        try {
            return SigningKey.fromJwk(Files.readString(file));
        } catch (MalformedException e) {
            throw new IOException(file + " is no private key as a JWK: " + e.getMessage(), e);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException("there is no key file " + file, e);
        }
    }
}
