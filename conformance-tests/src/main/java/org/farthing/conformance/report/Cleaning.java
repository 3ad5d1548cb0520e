package org.farthing.conformance.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Redaction;
import org.farthing.conformance.suite.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Makes a conclusion fit to be shown, once for all forms. Cases take secrets out of what they record; here every text goes through
 * the same sieve again, because one forgotten credential in a report that is passed around is one too many. Control characters and
 * marks that turn the direction of writing come from the checked program and could hide or forge what a reader sees: they are
 * spelled out.
 */
final class Cleaning {

    private Cleaning() {}

    static Conclusion of(Conclusion run) {
        Map<String, String> facts = new LinkedHashMap<>();
        run.facts().forEach((name, value) -> facts.put(text(name), text(value)));
        return new Conclusion(
                run.suite(),
                text(run.subject()),
                run.profile(),
                run.started(),
                facts,
                run.results().stream().map(Cleaning::of).toList());
    }

    private static CaseResult of(CaseResult result) {
        return new CaseResult(
                result.info(),
                of(result.verdict()),
                result.exchanges().stream().map(Cleaning::of).toList(),
                result.left(),
                result.took());
    }

    private static Verdict of(Verdict verdict) {
        if (verdict instanceof Verdict.Failed failed) {
            return new Verdict.Failed(text(failed.expected()), text(failed.seen()));
        }
        if (verdict instanceof Verdict.Skipped skipped) {
            return new Verdict.Skipped(text(skipped.why()));
        }
        if (verdict instanceof Verdict.Broken broken) {
            return new Verdict.Broken(text(broken.what()));
        }
        return verdict;
    }

    private static Exchange of(Exchange exchange) {
        @Nullable String curl = exchange.reproduce().map(Cleaning::text).orElse(null);
        return new Exchange(text(exchange.what()), text(exchange.request()), text(exchange.response()), curl);
    }

    /** A text without secrets and with everything in it visible. */
    static String text(String text) {
        return visible(Redaction.message(text));
    }

    static String visible(String text) {
        String lines = text.replace("\r\n", "\n");
        StringBuilder shown = new StringBuilder(lines.length());
        lines.codePoints().forEach(point -> {
            if (point == '\n' || point == '\t' || !isHidden(point)) {
                shown.appendCodePoint(point);
            } else if (point > 0xFFFF) {
                shown.append("\\u{").append(Integer.toHexString(point)).append('}');
            } else {
                shown.append("\\u").append(Integer.toHexString(0x10000 | point), 1, 5);
            }
        });
        return shown.toString();
    }

    private static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
