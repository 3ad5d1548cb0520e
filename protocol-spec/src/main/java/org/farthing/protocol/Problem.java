package org.farthing.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.JsonTree;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * A refusal that programs and people can read (RFC 9457). Specification: problems.md (F-PR-1 to F-PR-8).
 *
 * @param type why
 * @param status the HTTP status of the answer, 400 to 599
 * @param title what it is, in a phrase, perhaps translated
 * @param detail what happened here, for people; names no secret and no byte that was wrong
 * @param instance a URI of this occurrence, or null
 * @param requestId the id of the request in the server's log, or null
 * @param extensions the members that belong to the type
 */
public record Problem(
        ProblemType type,
        int status,
        String title,
        String detail,
        @Nullable String instance,
        @Nullable String requestId,
        Map<String, @Nullable Object> extensions) {

    private static final String WHERE = "problem";
    private static final Set<String> KNOWN =
            Set.of("type", "title", "status", "detail", "instance", "code", "requestId");
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    /**
     * Copies the extensions.
     *
     * @param type as described at the record
     * @param status as described at the record
     * @param title as described at the record
     * @param detail as described at the record
     * @param instance as described at the record
     * @param requestId as described at the record
     * @param extensions as described at the record
     * @throws IllegalArgumentException if the status is no error, or an extension is no JSON or has the name of a known
     *     member
     */
    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("a problem has a status of 400 to 599");
        }
        extensions = JsonTree.copy(extensions);
        for (String name : extensions.keySet()) {
            if (KNOWN.contains(name)) {
                throw new IllegalArgumentException("an extension cannot be named " + name);
            }
        }
    }

    /**
     * A way out of the problem, one entry of {@code resolve} (F-PR-30).
     *
     * @param rel what it is, such as {@code top-up}
     * @param href an absolute http or https URL, which is shown and never opened by itself
     * @param suggested an amount in base units, or null
     */
    public record Resolution(
            String rel, String href, @Nullable String suggested) {

        /**
         * Refuses what is no way out.
         *
         * @param rel as described at the record
         * @param href as described at the record
         * @param suggested as described at the record
         * @throws IllegalArgumentException if rel is empty or href is no absolute http or https URL
         */
        public Resolution {
            if (rel.isEmpty() || !isHttpUrl(href)) {
                throw new IllegalArgumentException("a resolution has a rel and an absolute http or https URL");
            }
        }

        private static boolean isHttpUrl(String href) {
            try {
                URI uri = new URI(href);
                boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
                return http && uri.getHost() != null;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        private Map<String, String> members() {
            Map<String, String> members = new LinkedHashMap<>();
            members.put("rel", rel);
            members.put("href", href);
            if (suggested != null) {
                members.put("suggested", suggested);
            }
            return members;
        }
    }

    /**
     * Makes a problem with the usual status and title of its type.
     *
     * @param type why
     * @param detail what happened here, for people
     * @return the problem
     */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, type.defaultStatus(), type.title(), detail, null, null, Map.of());
    }

    /**
     * Returns the problem with another status.
     *
     * @param other the HTTP status
     * @return the changed problem
     */
    public Problem withStatus(int other) {
        return new Problem(type, other, title, detail, instance, requestId, extensions);
    }

    /**
     * Returns the problem with translated texts.
     *
     * @param otherTitle the title
     * @param otherDetail the detail
     * @return the changed problem
     */
    public Problem withTexts(String otherTitle, String otherDetail) {
        return new Problem(type, status, otherTitle, otherDetail, instance, requestId, extensions);
    }

    /**
     * Returns the problem of a certain request; the instance follows from the id (F-PR-4).
     *
     * @param id 1 to 64 letters, digits, points, underscores or hyphens
     * @return the changed problem
     * @throws IllegalArgumentException if the id has another form
     */
    public Problem withRequestId(String id) {
        if (!REQUEST_ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a request id is 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        String uri = (UUID.matcher(id).matches() ? "urn:uuid:" : "urn:farthing:request:") + id;
        return new Problem(type, status, title, detail, uri, id, extensions);
    }

    /**
     * Returns the problem with one more member.
     *
     * @param name the member's name
     * @param value a JSON value
     * @return the changed problem
     */
    public Problem with(String name, Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(extensions);
        more.put(name, value);
        return new Problem(type, status, title, detail, instance, requestId, more);
    }

    /**
     * Returns the problem with one more way out.
     *
     * @param resolution the way out
     * @return the changed problem
     */
    public Problem withResolution(Resolution resolution) {
        List<@Nullable Object> all = new ArrayList<>();
        if (extensions.get("resolve") instanceof List<?> already) {
            all.addAll(already);
        }
        all.add(resolution.members());
        return with("resolve", all);
    }

    /**
     * Returns the ways out; entries that are none are passed over.
     *
     * @return the readable entries of {@code resolve}
     */
    public List<Resolution> resolutions() {
        List<Resolution> readable = new ArrayList<>();
        if (extensions.get("resolve") instanceof List<?> entries) {
            for (Object entry : entries) {
                if (entry instanceof Map<?, ?> map
                        && map.get("rel") instanceof String rel
                        && map.get("href") instanceof String href
                        && !rel.isEmpty()
                        && Resolution.isHttpUrl(href)) {
                    readable.add(new Resolution(rel, href, map.get("suggested") instanceof String text ? text : null));
                }
            }
        }
        return List.copyOf(readable);
    }

    /**
     * Returns an extension that is a text.
     *
     * @param name the member's name
     * @return its text; empty if it is absent or of another type
     */
    public Optional<String> text(String name) {
        return extensions.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /**
     * Writes the body of {@code application/problem+json}.
     *
     * @return JSON, with the members of RFC 9457 first
     */
    public String toJson() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("type", type.typeUri());
        members.put("title", title);
        members.put("status", status);
        members.put("detail", detail);
        if (instance != null) {
            members.put("instance", instance);
        }
        members.put("code", type.code());
        if (requestId != null) {
            members.put("requestId", requestId);
        }
        members.putAll(extensions);
        return CanonicalJson.writeInOrder(members);
    }

    /**
     * Writes the plain body for clients that strictly prefer {@code application/json} (F-PR-8).
     *
     * @return JSON with code, message, details and, if there is a way out, link
     */
    public String toPlainJson() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("code", type.code());
        members.put("message", detail);
        members.put("details", extensions);
        List<Resolution> ways = resolutions();
        if (!ways.isEmpty()) {
            members.put("link", ways.get(0).href());
        }
        return CanonicalJson.writeInOrder(members);
    }

    /**
     * Reads a body of {@code application/problem+json}. What is missing is filled from the type.
     *
     * @param json the body
     * @return the problem
     * @throws MalformedException if it is no JSON object, a known member has another type, or neither code nor type is
     *     one of ours
     */
    public static Problem parse(String json) throws MalformedException {
        return read(StrictJson.parseObject(json, WHERE, StrictJson.Limits.BODY));
    }

    /**
     * Reads a body of {@code application/problem+json}. What is missing is filled from the type.
     *
     * @param utf8 the body
     * @return the problem
     * @throws MalformedException as {@link #parse(String)}, and if the bytes are no UTF-8
     */
    public static Problem parse(byte[] utf8) throws MalformedException {
        return read(StrictJson.parseObject(utf8, WHERE, StrictJson.Limits.BODY));
    }

    private static Problem read(Map<String, @Nullable Object> map) throws MalformedException {
        Members members = new Members(map, WHERE);
        String code = members.optionalText("code");
        String typeUri = members.optionalText("type");
        ProblemType type = Optional.ofNullable(code)
                .flatMap(ProblemType::ofCode)
                .or(() -> Optional.ofNullable(typeUri).flatMap(ProblemType::ofTypeUri))
                .orElseThrow(() -> new MalformedException(Fault.VALUE, WHERE + ".type", "not a known type"));
        String title = members.optionalText("title");
        String detail = members.optionalText("detail");
        Map<String, @Nullable Object> extensions = new LinkedHashMap<>(map);
        extensions.keySet().removeAll(KNOWN);
        return new Problem(
                type,
                status(map, type),
                title == null ? type.title() : title,
                detail == null ? "" : detail,
                members.optionalText("instance"),
                members.optionalText("requestId"),
                extensions);
    }

    private static int status(Map<String, @Nullable Object> members, ProblemType type) throws MalformedException {
        Object status = members.getOrDefault("status", (long) type.defaultStatus());
        if (!(status instanceof Long number)) {
            throw new MalformedException(Fault.TYPE, WHERE + ".status", "an integer is needed");
        }
        if (number < 400 || number > 599) {
            throw new MalformedException(Fault.VALUE, WHERE + ".status", "a problem has a status of 400 to 599");
        }
        return number.intValue();
    }
}
