package org.farthing.server.jetty;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;

/** Reads {@code Authorization: Bearer TOKEN} (RFC 6750 section 2.1; specification: wallet-request.md, F-WR-2; T49, T50). */
final class BearerField {

    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]+=*)");

    private BearerField() {}

    /**
     * Returns the token; empty if there is no field, or one of another scheme.
     *
     * @throws Refusal 400 if there are several fields or several credentials in one: which one counts would be a guess
     */
    static Optional<String> token(HttpFields fields) {
        List<HttpField> all = fields.getFields(HttpHeader.AUTHORIZATION);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        String value = all.get(0).getValue();
        if (all.size() > 1 || value == null || value.indexOf(',') >= 0) {
            throw new Refusal(
                    Problem.of(ProblemType.BAD_REQUEST, "Send one Authorization field with one credential in it."));
        }
        Matcher bearer = BEARER.matcher(value.strip());
        return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
    }
}
