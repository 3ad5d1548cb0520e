package org.farthing.protocol.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Sha256;

/**
 * Tokens of closed keys to be changed for others of the same value: the body of {@code POST /token-recall} (F-TK-171). Each is
 * shown by its opening, because the signature of a closed key proves nothing any more.
 *
 * @param challenge what the tokens are for
 * @param keys 1 to 32 keys, none twice
 * @param tokens 1 to 256 tokens that are given up, none twice
 * @param requests 1 to 256 requests of the same value, none twice
 */
public record RecallBody(
        TokenChallenge challenge, List<TokenKey> keys, List<Opened> tokens, List<TokenRequest> requests) {

    /** How many keys may be named. */
    public static final int MOST_KEYS = 32;

    private static final String WHERE = "body.";
    private static final int LENGTH = 1 + TokenOpening.LENGTH;

    /**
     * One token.
     *
     * @param key which of the keys of the body is its own, counted from 0
     * @param opening its opening
     */
    public record Opened(int key, TokenOpening opening) {}

    /**
     * Copies the lists.
     *
     * @param challenge as described at the record
     * @param keys as described at the record
     * @param tokens as described at the record
     * @param requests as described at the record
     * @throws IllegalArgumentException if a token names a key that is not there
     */
    public RecallBody {
        keys = List.copyOf(keys);
        tokens = List.copyOf(tokens);
        requests = List.copyOf(requests);
        for (Opened token : tokens) {
            if (token.key() < 0 || token.key() >= keys.size()) {
                throw new IllegalArgumentException("a token names key " + token.key() + " of " + keys.size());
            }
        }
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the recall
     * @throws MalformedException if it is no such body
     */
    public static RecallBody parse(byte[] body) throws MalformedException {
        Members members = TokenForms.body(body);
        List<TokenKey> keys = keys(members.text("keys"));
        return new RecallBody(
                TokenChallenge.parse(members.text("challenge")),
                keys,
                tokens(members.text("tokens"), keys.size()),
                TokenRequest.parseAll(members.text("requests"), Denominations.MAX_TOKENS));
    }

    private static List<TokenKey> keys(String text) throws MalformedException {
        String[] words = text.split(" ", MOST_KEYS + 1);
        if (words.length > MOST_KEYS) {
            throw new MalformedException(Fault.TOO_LARGE, WHERE + "keys", "more than " + MOST_KEYS + " keys");
        }
        List<TokenKey> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String word : words) {
            TokenKey key = TokenKey.parse(Base64Url.decode(word, WHERE + "keys"));
            if (!seen.add(key.keyId())) {
                throw new MalformedException(Fault.DUPLICATE, WHERE + "keys", "a key stands twice");
            }
            keys.add(key);
        }
        return keys;
    }

    private static List<Opened> tokens(String base64url, int keys) throws MalformedException {
        String where = WHERE + "tokens";
        List<Opened> tokens = TokenBytes.parseAll(
                base64url,
                LENGTH,
                Denominations.MAX_TOKENS,
                where,
                bytes -> new Opened(bytes[0] & 0xff, new TokenOpening(Arrays.copyOfRange(bytes, 1, LENGTH))));
        if (new HashSet<>(tokens).size() < tokens.size()) {
            throw new MalformedException(Fault.DUPLICATE, where, "a token stands twice");
        }
        if (tokens.stream().anyMatch(token -> token.key() >= keys)) {
            throw new MalformedException(Fault.VALUE, where, "a token of a key that is not named");
        }
        return tokens;
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON: as good as money
     */
    public String format() {
        List<String> spkis =
                keys.stream().map(key -> Base64Url.encode(key.spki())).toList();
        List<byte[]> records = tokens.stream()
                .map(token -> {
                    byte[] record = new byte[LENGTH];
                    record[0] = (byte) token.key();
                    System.arraycopy(token.opening().shared(), 0, record, 1, TokenOpening.LENGTH);
                    return record;
                })
                .toList();
        return CanonicalJson.write(Map.of(
                "challenge", challenge.text(),
                "keys", String.join(" ", spkis),
                "tokens", TokenBytes.format(records),
                "requests", TokenRequest.formatAll(requests)));
    }

    /**
     * Returns the name under which the tokens are claimed: the same for every spelling of the same recall.
     *
     * @return base64url of SHA-256 of {@link #format}
     */
    public String owner() {
        return Sha256.base64url(format());
    }

    /**
     * Makes the tokens anew, up to their signatures: what was signed for them, and their serials.
     *
     * @return the tokens in their order; takes some 200 microseconds for each
     */
    public List<PendingToken> opened() {
        return tokens.stream()
                .map(token -> PendingToken.begin(keys.get(token.key()), challenge, token.opening()))
                .toList();
    }
}
