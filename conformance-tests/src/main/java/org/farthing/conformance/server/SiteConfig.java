package org.farthing.conformance.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.farthing.conformance.http.FieldLine;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What the config file of the server suite says (conformance.md, F-CO-2; schemas/server-site.json).
 *
 * @param url where the server is: pages are relative to it, and without a page {@code paid} it is that page
 * @param pages the pages it names
 * @param payment how to pay, or null
 * @param walletService origin of the wallet service that pays for receipt tokens, or null
 * @param remotePayee a payee with books of its own to play at the issuer of blind tokens, or null
 * @param expiredToken file with a blind token whose time to be spent is over, in base64url, or null
 * @param trust certificates to trust in place of the machine's, or null
 * @param patience how long to wait for a connection and for each piece of an answer
 */
public record SiteConfig(
        URI url,
        Map<PageName, Page> pages,
        @Nullable Payment payment,
        @Nullable Origin walletService,
        @Nullable Remote remotePayee,
        @Nullable Path expiredToken,
        @Nullable Path trust,
        Duration patience) {

    /** How long the suite waits unless told otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    /** What is posted where the config names a URL alone. */
    private static final String BODY = "{\"from\":\"farthing-conformance\"}";

    private static final List<FieldLine> JSON_BODY = List.of(new FieldLine("Content-Type", "application/json"));
    private static final Set<String> MEMBERS = Set.of(
            "$schema",
            "about",
            "url",
            "pages",
            "payment",
            "walletService",
            "remotePayee",
            "expiredToken",
            "trust",
            "timeoutSeconds");
    private static final Set<String> REMOTE_MEMBERS = Set.of("origin", "key");
    private static final Set<String> PAGE_MEMBERS = Set.of("url", "method", "fields", "body");
    private static final Set<String> PAYMENT_MEMBERS =
            Set.of("wallet", "secondWallet", "id", "ledger", "command", "method", "intent", "timeoutSeconds");

    /**
     * How to pay.
     *
     * @param wallet file with the wallet's private key, a JWK, or null
     * @param secondWallet file with the private key of somebody else's wallet, or null
     * @param id the wallet, or null for the one the key opened
     * @param ledger origin that debits, or null for the payee
     * @param command program and arguments, or empty
     * @param method the method the program pays, or null for any; with a wallet, {@code token} for tokens that it buys
     * @param intent the intent the program pays, or null for any
     * @param patience how long one payment may take
     */
    public record Payment(
            @Nullable Path wallet,
            @Nullable Path secondWallet,
            @Nullable String id,
            @Nullable String ledger,
            List<String> command,
            @Nullable String method,
            @Nullable String intent,
            Duration patience) {

        /** Copies the list. */
        public Payment {
            command = List.copyOf(command);
        }

        /** An order of the wallet whose key is in a file. */
        public static Payment wallet(Path key) {
            return new Payment(key, null, null, null, List.of(), null, null, Duration.ofSeconds(60));
        }
    }

    /**
     * A payee with books of its own, registered at the issuer.
     *
     * @param origin the payee
     * @param key file with its private key, a JWK
     */
    public record Remote(Origin origin, Path key) {}

    /** Copies the map. */
    public SiteConfig {
        pages = Map.copyOf(pages);
    }

    /** What is known from the URL alone. */
    public static SiteConfig of(URI url) {
        return new SiteConfig(url, paid(url), null, null, null, null, null, PATIENCE);
    }

    private static Map<PageName, Page> paid(URI url) {
        return Map.of(PageName.PAID, Page.get(PageName.PAID, url));
    }

    /**
     * Reads a config.
     *
     * @param file the file; other files it names are relative to its folder
     * @param url where the server is, or null to take it from the file
     * @throws IOException if the file cannot be read or is not as described; the message says where
     */
    public static SiteConfig read(Path file, @Nullable URI url) throws IOException {
        JsonNode config;
        try {
            config = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no JSON: " + e.getOriginalMessage(), e);
        }
        try {
            only(config, "the config", MEMBERS);
            String named = text(config, "url");
            URI base = url != null ? url : named == null ? null : URI.create(named);
            if (base == null) {
                throw new IllegalArgumentException("\"url\" is missing: the server's address");
            }
            Map<PageName, Page> pages = new EnumMap<>(PageName.class);
            pages.putAll(paid(base));
            pages.putAll(pages(config.path("pages"), base));
            String service = text(config, "walletService");
            String expired = text(config, "expiredToken");
            String trust = text(config, "trust");
            return new SiteConfig(
                    base,
                    pages,
                    payment(config.path("payment"), file),
                    service == null ? null : origin(service, "walletService"),
                    remotePayee(config.path("remotePayee"), file),
                    expired == null ? null : file.resolveSibling(expired),
                    trust == null ? null : file.resolveSibling(trust),
                    seconds(config, PATIENCE));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Origin origin(String origin, String where) {
        try {
            return Origin.parse(origin, where);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(
                    "\"" + where + "\" is an origin such as https://wallet.example: " + e.getMessage(), e);
        }
    }

    private static @Nullable Remote remotePayee(JsonNode payee, Path file) {
        if (payee.isMissingNode()) {
            return null;
        }
        only(payee, "remotePayee", REMOTE_MEMBERS);
        String origin = text(payee, "origin");
        String key = text(payee, "key");
        if (origin == null || key == null) {
            throw new IllegalArgumentException(
                    "remotePayee needs \"origin\", and \"key\", the file with its private key");
        }
        return new Remote(origin(origin, "remotePayee.origin"), file.resolveSibling(key));
    }

    private static Map<PageName, Page> pages(JsonNode pages, URI base) {
        Map<PageName, Page> found = new EnumMap<>(PageName.class);
        Iterator<String> words = pages.fieldNames();
        while (words.hasNext()) {
            String word = words.next();
            PageName name = PageName.of(word)
                    .orElseThrow(() -> new IllegalArgumentException("pages." + word
                            + ": there is no such page; known are "
                            + Arrays.stream(PageName.values())
                                    .map(PageName::word)
                                    .collect(Collectors.joining(", "))));
            found.put(name, page(name, pages.path(word), base));
        }
        return found;
    }

    private static Page page(PageName name, JsonNode page, URI base) {
        String where = "pages." + name.word();
        if (page.isTextual()) {
            URI uri = at(base, page.textValue(), where);
            return name == PageName.PAID_POST ? new Page(name, uri, "POST", JSON_BODY, BODY) : Page.get(name, uri);
        }
        only(page, where, PAGE_MEMBERS);
        String url = text(page, "url");
        if (url == null) {
            throw new IllegalArgumentException(where + ".url is missing");
        }
        List<FieldLine> fields = new ArrayList<>();
        page.path("fields")
                .fieldNames()
                .forEachRemaining(field ->
                        fields.add(new FieldLine(field, String.valueOf(text(page.path("fields"), field)))));
        String body = text(page, "body");
        String method = text(page, "method");
        if (name == PageName.PAID_POST && (body == null || body.isEmpty())) {
            throw new IllegalArgumentException(where + " needs a \"body\"");
        }
        return new Page(
                name, at(base, url, where), method != null ? method : body == null ? "GET" : "POST", fields, body);
    }

    private static URI at(URI base, String url, String where) {
        try {
            // RFC 3986 puts no slash between an authority without path and a relative path; everybody means one.
            boolean bare = base.getRawPath() == null || base.getRawPath().isEmpty();
            return (bare ? base.resolve("/") : base).resolve(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + " is no URL: " + e.getMessage(), e);
        }
    }

    private static @Nullable Payment payment(JsonNode payment, Path file) {
        if (payment.isMissingNode()) {
            return null;
        }
        only(payment, "payment", PAYMENT_MEMBERS);
        String wallet = text(payment, "wallet");
        String second = text(payment, "secondWallet");
        List<String> command = new ArrayList<>();
        payment.path("command").forEach(word -> command.add(word.asText()));
        if ((wallet == null) == command.isEmpty()) {
            throw new IllegalArgumentException(
                    "payment needs either \"wallet\", the file with the wallet's key, or \"command\", the program that pays");
        }
        return new Payment(
                wallet == null ? null : file.resolveSibling(wallet),
                second == null ? null : file.resolveSibling(second),
                text(payment, "id"),
                text(payment, "ledger"),
                command,
                text(payment, "method"),
                text(payment, "intent"),
                seconds(payment, Duration.ofSeconds(60)));
    }

    private static Duration seconds(JsonNode object, Duration otherwise) {
        JsonNode seconds = object.path("timeoutSeconds");
        if (seconds.isMissingNode()) {
            return otherwise;
        }
        if (!seconds.isIntegralNumber() || seconds.longValue() < 1 || seconds.longValue() > 3600) {
            throw new IllegalArgumentException("timeoutSeconds is a whole number from 1 to 3600");
        }
        return Duration.ofSeconds(seconds.longValue());
    }

    private static @Nullable String text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("\"" + member + "\" is a text");
        }
        return value.textValue();
    }

    private static void only(JsonNode object, String where, Set<String> members) {
        if (!object.isObject()) {
            throw new IllegalArgumentException(where + " is an object");
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!members.contains(name)) {
                throw new IllegalArgumentException(where + " has a member \"" + name + "\" nobody reads; known are "
                        + members.stream().sorted().collect(Collectors.joining(", ")));
            }
        });
    }
}
