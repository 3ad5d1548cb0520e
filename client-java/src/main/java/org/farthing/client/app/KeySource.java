package org.farthing.client.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.KeyDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Where the key document for a receipt comes from: the payee that the receipt names (fetched by the rules of spec/keys.md,
 * F-KY-50 and F-KY-51), or a place the user vouches for.
 *
 * @param directory the document
 * @param from where it was found, for people
 */
record KeySource(KeyDirectory directory, String from) {

    /**
     * Finds the document.
     *
     * @param receipt the receipt
     * @param given a file, an origin, or the URL of an origin's key document; null for the payee the receipt names
     * @param loopback whether a payee on this machine may be asked over plain http
     * @param shell whose time it is, and how long a fetch may take
     */
    static KeySource find(PaymentReceipt receipt, @Nullable String given, boolean loopback, Shell shell)
            throws IOException, CommandException {
        if (given == null) {
            Origin payee = payee(receipt);
            requireReachable(payee, loopback);
            // A payee on loopback is named by the switch, so its address is no surprise; all others must be public.
            return fetched(payee, payee.isHttps(), shell);
        }
        if (given.startsWith("https://") || given.startsWith("http://")) {
            Origin origin = origin(given);
            requireReachable(origin, loopback);
            return fetched(origin, false, shell);
        }
        return read(Path.of(given));
    }

    private static Origin payee(PaymentReceipt receipt) throws CommandException {
        String recipient = receipt.recipient()
                .orElseThrow(() -> new CommandException(
                        ExitCode.RECEIPT, "the receipt names no payee, so nobody's keys can check it"));
        try {
            return Origin.parse(recipient);
        } catch (MalformedException e) {
            throw new CommandException(ExitCode.RECEIPT, "the payee of the receipt is no origin");
        }
    }

    private static Origin origin(String url) throws CommandException {
        String end = KeyDirectory.WELL_KNOWN_PATH;
        String text = url.endsWith(end) ? url.substring(0, url.length() - end.length()) : url;
        try {
            URI uri = URI.create(text);
            if (uri.getRawPath() != null && uri.getRawPath().length() > 1) {
                throw CommandException.usage("--keys takes an origin, or its " + end + "; this is another address");
            }
            return OriginConverter.of(uri);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--keys takes a file, or an origin such as https://api.example.com");
        }
    }

    private static void requireReachable(Origin origin, boolean loopback) throws CommandException {
        if (!origin.isHttps() && !loopback) {
            throw CommandException.error(
                    origin + " is plain http on this machine; say --loopback if you mean a server you are trying out");
        }
    }

    /** The document that an origin publishes, which the user named. */
    static KeySource published(Origin origin, Shell shell) throws IOException {
        return fetched(origin, false, shell);
    }

    private static KeySource fetched(Origin origin, boolean mustBePublic, Shell shell) throws IOException {
        KeyFetcher fetcher = new KeyFetcher(
                HttpClient.newHttpClient(), shell.clock(), ForkJoinPool.commonPool(), shell.keyPatience());
        CompletableFuture<KeyDirectory> fetch =
                mustBePublic ? fetcher.ofRecipient(origin, null) : fetcher.ofOwn(origin, null);
        try {
            return new KeySource(fetch.join(), origin + KeyDirectory.WELL_KNOWN_PATH);
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException unavailable) {
                throw unavailable;
            }
            throw e;
        }
    }

    private static KeySource read(Path file) throws IOException, CommandException {
        if (Files.size(file) > StrictJson.Limits.BODY.bytes()) {
            throw CommandException.error(file + " is too long to be a key document");
        }
        try {
            return new KeySource(KeyDirectory.parse(Files.readAllBytes(file)), file + ", which you vouch for");
        } catch (MalformedException e) {
            throw CommandException.error(file + " holds no key document: " + e.getMessage());
        }
    }
}
