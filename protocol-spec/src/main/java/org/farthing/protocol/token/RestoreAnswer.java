package org.farthing.protocol.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;

/**
 * What an issuer had signed before: the answer of {@code POST /token-restore} (F-TK-28).
 *
 * @param answers one for each request, in their order: the response, or empty if that request was never signed
 */
public record RestoreAnswer(List<Optional<TokenResponse>> answers) {

    private static final String WHERE = "body";

    /**
     * Copies the list and checks its length.
     *
     * @param answers as described at the record
     * @throws IllegalArgumentException if there are none or more than 256
     */
    public RestoreAnswer {
        answers = TokenForms.some(answers, "answers");
    }

    /**
     * Reads an answer.
     *
     * @param body the body as received
     * @param count how many requests were sent
     * @return what was signed before
     * @throws MalformedException if it is no such answer, or not one for each request
     */
    public static RestoreAnswer parse(byte[] body, int count) throws MalformedException {
        Members members = TokenForms.body(body);
        String issued = members.text("issued");
        TokenForms.requireCount(issued.length(), count, WHERE + ".issued");
        int known = 0;
        for (int i = 0; i < issued.length(); i++) {
            char c = issued.charAt(i);
            if (c != '0' && c != '1') {
                throw new MalformedException(Fault.VALUE, WHERE + ".issued", "only 0 and 1 can stand here");
            }
            known += c - '0';
        }
        String text = members.text("responses");
        List<TokenResponse> responses =
                text.isEmpty() ? List.of() : TokenResponse.parseAll(text, Denominations.MAX_TOKENS);
        TokenForms.requireCount(responses.size(), known, WHERE + ".responses");
        List<Optional<TokenResponse>> answers = new ArrayList<>(count);
        int next = 0;
        for (int i = 0; i < issued.length(); i++) {
            answers.add(issued.charAt(i) == '1' ? Optional.of(responses.get(next++)) : Optional.empty());
        }
        return new RestoreAnswer(answers);
    }

    /**
     * Writes the answer.
     *
     * @return canonical JSON
     */
    public String format() {
        StringBuilder issued = new StringBuilder();
        answers.forEach(answer -> issued.append(answer.isPresent() ? '1' : '0'));
        List<TokenResponse> known = answers.stream().flatMap(Optional::stream).toList();
        return CanonicalJson.write(Map.of("issued", issued.toString(), "responses", TokenResponse.formatAll(known)));
    }
}
