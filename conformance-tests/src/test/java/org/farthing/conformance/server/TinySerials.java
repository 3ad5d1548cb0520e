package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;

/** The books of {@link TinyMint}: which serial has which owner, and which message was signed. Safe for several threads. */
final class TinySerials {

    /** In seconds. So that nothing hangs: the case that looks for races shows its token several times at once. */
    private static final long A_WHILE = 20;

    private final Map<String, String> owners = new HashMap<>();
    private final Set<String> issued = new HashSet<>();
    private final Set<TokenFault> faults;
    private final Map<String, CountDownLatch> looking = new ConcurrentHashMap<>();

    TinySerials(Set<TokenFault> faults) {
        this.faults = faults;
    }

    /** Claims all tokens or none; the indexes of those that another owner has. */
    List<Integer> claim(List<BlindToken> tokens, String owner) {
        if (faults.contains(TokenFault.RACE)) {
            List<Integer> taken = taken(tokens, owner);
            pause(tokens);
            if (taken.isEmpty()) {
                take(tokens, owner, taken);
            }
            return taken;
        }
        return atOnce(tokens, owner);
    }

    private synchronized List<Integer> atOnce(List<BlindToken> tokens, String owner) {
        List<Integer> taken = taken(tokens, owner);
        if (taken.isEmpty() || faults.contains(TokenFault.CLAIMS_HALF)) {
            take(tokens, owner, taken);
        }
        return taken;
    }

    /** Waits until another that shows the same token has looked as well. */
    private void pause(List<BlindToken> tokens) {
        CountDownLatch both = looking.computeIfAbsent(tokens.get(0).serial().text(), serial -> new CountDownLatch(2));
        both.countDown();
        try {
            boolean unused = both.await(A_WHILE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<Integer> taken(List<BlindToken> tokens, String owner) {
        List<Integer> taken = new ArrayList<>();
        for (int at = 0; at < tokens.size(); at++) {
            String of = owners.get(tokens.get(at).serial().text());
            if (of != null && !of.equals(owner)) {
                taken.add(at);
            }
        }
        return taken;
    }

    private synchronized void take(List<BlindToken> tokens, String owner, List<Integer> taken) {
        for (int at = 0; at < tokens.size(); at++) {
            if (!taken.contains(at) && !faults.contains(TokenFault.FORGETS_SERIALS)) {
                owners.put(tokens.get(at).serial().text(), owner);
            }
        }
    }

    /** Forgets what an owner claimed. */
    synchronized void free(String owner) {
        owners.values().removeIf(owner::equals);
    }

    /** Whether a message was signed before. */
    synchronized boolean wasIssued(byte[] message) {
        return issued.contains(Base64Url.encode(message));
    }

    /** Notes that a message is signed. */
    synchronized void issued(byte[] message) {
        issued.add(Base64Url.encode(message));
    }
}
