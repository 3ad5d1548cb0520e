package org.farthing.client.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.files.ProcessLock;
import org.farthing.client.method.UnpayableException;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.token.IssuerDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Copies of issuers' directories, the last few of each, on disk. A payment compares the payee's copy with these and asks the
 * issuer only where none is the same: an issuer that shows each client other keys is found out (T58), and one that is asked
 * before every payment would learn when its tokens are spent.
 */
final class IssuerBook {

    private static final int KEPT = 3;
    private static final int MOST_BYTES = 300 * 1024;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(60);

    private final Path directory;
    private final MintApi mint;
    private final InstantSource clock;
    private final Map<Origin, List<Copy>> copies = new ConcurrentHashMap<>();
    private final Map<Origin, Asked> asked = new ConcurrentHashMap<>();

    IssuerBook(Path directory, MintApi mint, InstantSource clock) {
        this.directory = directory;
        this.mint = mint;
        this.clock = clock;
    }

    private record Copy(IssuerDirectory directory, Instant fetched, Instant until) {}

    private record Asked(CompletableFuture<IssuerDirectory> fetch, Instant at) {}

    /** The directory as it is now, or was not long ago. */
    CompletableFuture<IssuerDirectory> current(Origin issuer) {
        Instant now = clock.instant();
        return kept(issuer).stream()
                .filter(copy -> !now.isBefore(copy.fetched()) && now.isBefore(copy.until()))
                .max(Comparator.comparing(Copy::fetched))
                .map(copy -> CompletableFuture.completedFuture(copy.directory()))
                .orElseGet(() -> fetch(issuer));
    }

    /** The copy that has the payee's hash; the issuer is asked once where there is none. Fails if that brought none either. */
    CompletableFuture<IssuerDirectory> matching(TokenScope scope, String hash) {
        Optional<IssuerDirectory> known = known(scope.issuer(), hash);
        CompletableFuture<Optional<IssuerDirectory>> found = known.isPresent()
                ? CompletableFuture.completedFuture(known)
                : fetch(scope.issuer()).thenApply(fresh -> known(scope.issuer(), hash));
        return found.thenApply(copy -> {
            remember(scope, copy.isPresent() ? null : hash);
            return copy.orElseThrow(() -> new CompletionException(differ(scope)));
        });
    }

    private static UnpayableException differ(TokenScope scope) {
        return new UnpayableException(
                "the keys of " + scope.issuer() + " are others for us than for the payee; until that is"
                        + " explained its tokens are neither bought nor spent there");
    }

    /** The directory to buy from: none while it is another than the payee's was when it was last paid. */
    CompletableFuture<IssuerDirectory> toBuyFrom(TokenScope scope) {
        Path dispute = dispute(scope);
        if (!Files.exists(dispute)) {
            return current(scope.issuer());
        }
        try {
            String hash = new String(OwnerOnly.read(dispute, MOST_BYTES), UTF_8);
            return matching(scope, hash).thenCompose(agreed -> current(scope.issuer()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What a payee's copy was that is not ours; it outlives the process, and only this payee's purchases wait for it. */
    private void remember(TokenScope scope, @Nullable String hash) {
        try {
            if (hash != null) {
                locked(() -> OwnerOnly.replace(dispute(scope), hash.getBytes(UTF_8)));
            } else if (Files.exists(dispute(scope))) {
                locked(() -> Files.deleteIfExists(dispute(scope)));
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private Path dispute(TokenScope scope) {
        return directory.resolve("dispute-" + Sha256.base64url(scope.toString()).substring(0, 16));
    }

    /** The copy that has this hash, if it is there. */
    Optional<IssuerDirectory> known(Origin issuer, String hash) {
        return kept(issuer).stream()
                .map(Copy::directory)
                .filter(copy -> copy.hash().equals(hash))
                .findFirst();
    }

    /** Asks the issuer, at most once a minute; whoever asks meanwhile gets the same answer. */
    CompletableFuture<IssuerDirectory> fetch(Origin issuer) {
        CompletableFuture<IssuerDirectory> mine = new CompletableFuture<>();
        Instant now = clock.instant();
        Asked last = asked.compute(
                issuer,
                (any, before) -> before != null
                                && (!before.fetch().isDone()
                                        || now.isBefore(before.at().plus(BETWEEN_FETCHES)))
                        ? before
                        : new Asked(mine, now));
        if (last.fetch() == mine) {
            CompletableFuture<Boolean> unused = mint.directory(issuer)
                    .thenApply(fetched -> keep(issuer, fetched))
                    .handle((fresh, failure) ->
                            failure == null ? mine.complete(fresh) : mine.completeExceptionally(failure));
        }
        return last.fetch().copy();
    }

    private IssuerDirectory keep(Origin issuer, MintApi.Fetched fetched) {
        Instant now = clock.instant();
        Copy fresh = new Copy(fetched.directory(), now, now.plus(fetched.age()));
        try {
            byte[] head = (fresh.fetched() + " " + fresh.until() + "\n").getBytes(UTF_8);
            byte[] bytes = fresh.directory().bytes();
            byte[] content = Arrays.copyOf(head, head.length + bytes.length);
            System.arraycopy(bytes, 0, content, head.length, bytes.length);
            locked(() -> {
                OwnerOnly.replace(file(issuer, fresh), content);
                List<Copy> all = new ArrayList<>(load(issuer));
                all.sort(Comparator.comparing(Copy::fetched).reversed());
                int kept = Math.min(KEPT, all.size());
                for (Copy old : all.subList(kept, all.size())) {
                    Files.deleteIfExists(file(issuer, old));
                }
                copies.put(issuer, List.copyOf(all.subList(0, kept)));
            });
            return fresh.directory();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private Path file(Origin issuer, Copy copy) {
        return directory.resolve(prefix(issuer) + copy.directory().hash());
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    /** Several processes may have one purse. */
    private void locked(Change change) throws IOException {
        OwnerOnly.directory(directory);
        Path unused = new ProcessLock(directory.resolve("lock"), LOCK_PATIENCE).holding(() -> {
            change.make();
            return directory;
        });
    }

    private List<Copy> kept(Origin issuer) {
        return copies.computeIfAbsent(issuer, this::load);
    }

    /** A copy that cannot be read is no copy: the issuer is asked again. */
    private List<Copy> load(Origin issuer) {
        List<Copy> found = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(
                            path -> String.valueOf(path.getFileName()).startsWith(prefix(issuer)))
                    .toList()) {
                read(file)
                        .filter(copy -> copy.directory().issuer().equals(issuer))
                        .ifPresent(found::add);
            }
            return found;
        } catch (IOException e) {
            return found;
        }
    }

    private static Optional<Copy> read(Path file) {
        try {
            byte[] content = OwnerOnly.read(file, MOST_BYTES);
            int end = 0;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            String[] times = new String(content, 0, end, UTF_8).split(" ", -1);
            IssuerDirectory directory = IssuerDirectory.parse(
                    Arrays.copyOfRange(content, Math.min(end + 1, content.length), content.length));
            boolean whole =
                    times.length == 2 && String.valueOf(file.getFileName()).endsWith(directory.hash());
            return whole
                    ? Optional.of(new Copy(directory, Instant.parse(times[0]), Instant.parse(times[1])))
                    : Optional.empty();
        } catch (IOException | MalformedException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String prefix(Origin issuer) {
        return Sha256.base64url(issuer.text()).substring(0, 16) + ".";
    }
}
