package org.farthing.protocol.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;

/**
 * What became of tokens that a payee handed in: the answer of {@code POST /token-redemptions} (F-TK-29).
 *
 * @param results one for each token, in their order
 * @param amount what the accepted and repeated ones are worth together: what the issuer owes for this body
 */
public record RedemptionAnswer(List<Result> results, Amount amount) {

    private static final String WHERE = "body";

    /** What became of a token. */
    public enum Result {
        /** It is the payee's money now. */
        ACCEPTED,
        /** It has been the payee's money since it was handed in before. */
        REPEATED,
        /** It was spent elsewhere or swapped. */
        SPENT,
        /** It came after its key's {@code redeem-until}. */
        EXPIRED,
        /** No key of the issuer signed it, or not for this payee. */
        INVALID;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Copies the list and checks its length.
     *
     * @param results as described at the record
     * @param amount as described at the record
     * @throws IllegalArgumentException if there are none or more than 256
     */
    public RedemptionAnswer {
        results = TokenForms.some(results, "results");
    }

    /**
     * Reads an answer.
     *
     * @param body the body as received
     * @param count how many tokens were sent
     * @return what became of them
     * @throws MalformedException if it is no such answer, or not one result for each token
     */
    public static RedemptionAnswer parse(byte[] body, int count) throws MalformedException {
        Members members = TokenForms.body(body);
        List<Result> results = new ArrayList<>(count);
        for (String word : members.text("results").split(" ", count + 1)) {
            results.add(result(word));
        }
        TokenForms.requireCount(results.size(), count, WHERE + ".results");
        return new RedemptionAnswer(results, Amount.parse(members.text("amount"), WHERE + ".amount"));
    }

    private static Result result(String word) throws MalformedException {
        for (Result result : Result.values()) {
            if (result.word().equals(word)) {
                return result;
            }
        }
        throw new MalformedException(Fault.VALUE, WHERE + ".results", "a word that is no result");
    }

    /**
     * Writes the answer.
     *
     * @return canonical JSON
     */
    public String format() {
        String words = String.join(" ", results.stream().map(Result::word).toList());
        return CanonicalJson.write(Map.of("results", words, "amount", amount.format()));
    }
}
