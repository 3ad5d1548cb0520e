package org.farthing.conformance.suite;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A case as the report names it; see {@link Case} for what each part is.
 *
 * @param id its name for good
 * @param group what its neighbours are about, such as {@code Replay}
 * @param rows the requirements it shows
 * @param section where it stands
 * @param severity how much it binds
 * @param profile whose rule it is
 * @param title what is asked
 * @param fix what to do about a failure
 */
public record CaseInfo(
        String id,
        String group,
        List<String> rows,
        String section,
        Severity severity,
        Profile profile,
        String title,
        String fix) {

    /** Server rows, client rows, threats, own rules; each by number. */
    public static final Comparator<CaseInfo> ORDER =
            Comparator.comparing((CaseInfo info) -> rank(info.id)).thenComparing(CaseInfo::id);

    private static final Pattern ID = Pattern.compile("([SCT])([0-9]+)-[a-z0-9-]+|F-[A-Z]{2}-[0-9]+-[a-z0-9-]+");

    /** Refuses a case without one of its parts: a report that cannot say what failed helps nobody. */
    public CaseInfo {
        rows = List.copyOf(rows);
        if (!ID.matcher(id).matches() || rows.isEmpty() || !id.startsWith(rows.get(0) + "-")) {
            throw new IllegalArgumentException(
                    "a case is named after its first row, such as S1-unpaid-is-402, not " + id);
        }
        if (group.isBlank() || section.isBlank() || title.isBlank() || fix.isBlank()) {
            throw new IllegalArgumentException(id + " lacks its group, section, title or fix");
        }
    }

    private static int rank(String id) {
        Matcher matcher = ID.matcher(id);
        if (!matcher.matches() || matcher.group(1) == null) {
            return Integer.MAX_VALUE;
        }
        return "SCT".indexOf(matcher.group(1)) * 1000 + Integer.parseInt(matcher.group(2));
    }
}
