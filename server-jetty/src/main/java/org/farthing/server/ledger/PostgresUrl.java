package org.farthing.server.ledger;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The address of a shared ledger as people write it, {@code jdbc:postgresql://HOST/DATABASE?user=USER&currentSchema=SCHEMA}.
 * What the driver is told besides, passwords above all, is neither shown nor part of any message.
 */
public final class PostgresUrl {

    private static final String PREFIX = "jdbc:postgresql:";
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private static final String SCHEMA = "currentSchema";

    private final String place;
    private final Properties settings;

    private PostgresUrl(String place, Properties settings) {
        this.place = place;
        this.settings = settings;
    }

    /**
     * Reads an address.
     *
     * @param url the address
     * @param password the password if the address has none; null to leave it to the driver, which knows {@code .pgpass}
     * @return the address
     * @throws IllegalArgumentException if it is none; the message repeats no part of it
     */
    public static PostgresUrl parse(String url, @Nullable String password) {
        int question = url.indexOf('?');
        String place = question < 0 ? url : url.substring(0, question);
        if (!place.startsWith(PREFIX) || place.length() == PREFIX.length()) {
            throw new IllegalArgumentException("write it as jdbc:postgresql://HOST/DATABASE?user=USER");
        }
        if (place.indexOf('@') >= 0) {
            throw new IllegalArgumentException("the driver knows no user before the host; write ?user=USER at the end,"
                    + " and the password into PGPASSWORD or ~/.pgpass");
        }
        Properties settings = new Properties();
        settings.setProperty("ApplicationName", "farthing");
        settings.setProperty("tcpKeepAlive", "true");
        if (question >= 0) {
            for (String pair : url.substring(question + 1).split("&", -1)) {
                set(settings, pair);
            }
        }
        if (password != null && !settings.containsKey(PASSWORD)) {
            settings.setProperty(PASSWORD, password);
        }
        return new PostgresUrl(place, settings);
    }

    private static void set(Properties settings, String pair) {
        int equals = pair.indexOf('=');
        if (pair.isEmpty()) {
            return;
        }
        try {
            settings.setProperty(
                    equals < 0 ? pair : pair.substring(0, equals),
                    equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // The exception's own message would repeat the value.
            throw new IllegalArgumentException("a value after the question mark has a % that is no escape; write %25");
        }
    }

    /**
     * Says where connections to it come from.
     *
     * @return connections, each a new one
     */
    public DataSource source() {
        return new DriverSource(place, settings);
    }

    /**
     * Returns the schema, if the address names one.
     *
     * @return the schema
     */
    public Optional<String> schema() {
        return Optional.ofNullable(settings.getProperty(SCHEMA));
    }

    /**
     * Returns the options that lead PostgreSQL's own programs, such as {@code pg_dump}, to the same database.
     *
     * @return options without a password
     */
    public List<String> clientOptions() {
        List<String> options = new ArrayList<>();
        String rest = place.substring(PREFIX.length());
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            String hosts = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            rest = slash < 0 ? "" : rest.substring(slash + 1);
            String first = hosts.split(",", 2)[0];
            int colon = first.indexOf(':', first.indexOf(']') + 1);
            String host = colon < 0 ? first : first.substring(0, colon);
            add(options, "--host=", host.replace("[", "").replace("]", ""));
            add(options, "--port=", colon < 0 ? "" : first.substring(colon + 1));
        }
        add(options, "--username=", settings.getProperty(USER, ""));
        add(options, "--dbname=", rest);
        return options;
    }

    private static void add(List<String> options, String name, String value) {
        if (!value.isEmpty()) {
            options.add(name + value);
        }
    }

    /** Where it is and as whom, and nothing else of what the driver is told. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(place);
        char before = '?';
        for (String name : List.of(USER, SCHEMA)) {
            String value = settings.getProperty(name);
            if (value != null) {
                text.append(before).append(name).append('=').append(value);
                before = '&';
            }
        }
        return text.toString();
    }
}
