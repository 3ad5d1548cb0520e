package org.farthing.conformance.client;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One visit to be: what the command is sent to, and what happens to it there.
 *
 * @param what what this is about, for the report
 * @param script what the payees do
 * @param kind which command
 * @param page the end of the URL, with a query if there is to be one
 * @param body what is to be sent
 * @param at the payee; null for the usual one
 */
record Plan(
        String what,
        Script script,
        String kind,
        String page,
        String body,
        @Nullable Payee at) {

    /** A page is fetched from the usual payee. */
    static Plan get(String what, Script script) {
        return new Plan(what, script, Errand.GET, "page", "", null);
    }

    /** Something is posted to the usual payee. */
    static Plan post(String what, Script script, String body) {
        return new Plan(what, script, Errand.POST, "page", body, null);
    }

    /** A bundle of tokens is bought. */
    static Plan buy(String what, Script script) {
        return new Plan(what, script, Errand.BUY, "", "", null);
    }

    /** At another payee. */
    Plan at(Payee payee) {
        return new Plan(what, script, kind, page, body, payee);
    }

    /** For another page. */
    Plan page(String end) {
        return new Plan(what, script, kind, end, body, at);
    }

    /** With another command of the config file. */
    Plan by(String command) {
        return new Plan(what, script, command, page, body, at);
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
