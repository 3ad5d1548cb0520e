package org.farthing.conformance.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.jspecify.annotations.Nullable;

/** Whether an offer may be paid: every check a payer makes before money, each of which a flaw leaves out. */
final class TinyChecks {

    private static final ObjectMapper EASY_GOING = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofMinutes(10).plusSeconds(30);
    private static final Map<Reason, Flaw> IGNORED = Map.of(
            Reason.UNSIGNED, Flaw.PAYS_UNSIGNED,
            Reason.WRONG_ORIGIN, Flaw.PAYS_PLAIN_HTTP,
            Reason.WRONG_TYPE, Flaw.IGNORES_TYPE,
            Reason.WRONG_ROLE, Flaw.IGNORES_ROLE,
            Reason.KEY_REVOKED, Flaw.IGNORES_REVOKED,
            Reason.WRONG_REALM, Flaw.IGNORES_REALM,
            Reason.WRONG_BINDING, Flaw.IGNORES_BINDING,
            Reason.WRONG_RECIPIENT, Flaw.ANY_RECIPIENT,
            Reason.EXPIRED, Flaw.PAYS_EXPIRED,
            Reason.TOO_LONG_LIVED, Flaw.ANY_LIFETIME);

    private final Set<Flaw> flaws;
    private final Money limit;

    TinyChecks(Set<Flaw> flaws, Money limit) {
        this.flaws = flaws;
        this.limit = limit;
    }

    /** Why an offer is not paid. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    /** What an offer asks. */
    record Price(long units, String currency, String code, BigDecimal value, String recipient, String capture) {}

    /** The key document of the origin asked. */
    @FunctionalInterface
    interface Keys {
        KeyDirectory get() throws MalformedException, java.io.IOException;
    }

    private boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    private void require(boolean holds, String why, Flaw... unless) throws Refused {
        boolean blind = has(Flaw.TRUSTS_ACCEPT);
        for (Flaw flaw : unless) {
            blind |= has(flaw);
        }
        if (!holds && !blind) {
            throw new Refused(why);
        }
    }

    Price check(Map<String, String> offer, RequestTarget target, byte[] body, Instant now, Keys keys)
            throws Refused, IOException {
        require(offer.containsKey("id"), "no id", Flaw.NEEDS_NO_ID);
        require(!offer.getOrDefault("id", "x").isEmpty(), "empty id", Flaw.TAKES_EMPTY_ID, Flaw.NEEDS_NO_ID);
        require("wallet".equals(offer.get("method")), "another method", Flaw.PAYS_ANY_METHOD);
        require("charge".equals(offer.get("intent")), "another intent", Flaw.PAYS_ANY_INTENT);
        String field = offer.get("header");
        require(field == null || field.equals("Payment-Authorization"), "another field", Flaw.OBEYS_ANY_FIELD);
        Origin origin = target.origin();
        require(origin.isHttps() || origin.isLoopback(), "not secure", Flaw.PAYS_PLAIN_HTTP);
        checkTime(offer.get("expires"), now);
        checkBody(offer, body);
        Price price = price(offer);
        require(
                price.recipient().equals(origin.text()),
                "another recipient",
                Flaw.ANY_RECIPIENT,
                Flaw.ASKS_THE_NAMED_PAYEE);
        require(price.code().equals(limit.code()), "a currency without a limit", Flaw.ANY_CURRENCY);
        BigDecimal asked = has(Flaw.IGNORES_SCALE) || has(Flaw.ANY_CURRENCY)
                ? new BigDecimal(price.units()).movePointLeft(6)
                : price.value();
        require(asked.compareTo(limit.value()) <= 0, "too dear", Flaw.NO_LIMIT);
        checkSignature(offer, target, now, keys, price);
        return price;
    }

    private void checkTime(@Nullable String expires, Instant now) throws Refused {
        require(expires != null, "no end", Flaw.NEEDS_NO_END);
        if (expires == null) {
            return;
        }
        try {
            require(!has(Flaw.NEEDS_WHOLE_SECONDS) || !expires.contains("."), "a fraction of a second");
            String read = has(Flaw.IGNORES_OFFSET) ? expires.replaceFirst("[+-][0-9:]{5}$", "Z") : expires;
            Instant end = Rfc3339.parse(read, "expires");
            require(now.isBefore(end), "expired", Flaw.PAYS_EXPIRED);
            require(!end.isAfter(now.plus(LONGEST)), "too long-lived", Flaw.ANY_LIFETIME);
        } catch (MalformedException e) {
            require(false, "no time", Flaw.NEEDS_NO_END);
        }
    }

    private void checkBody(Map<String, String> offer, byte[] body) throws Refused {
        String digest = offer.get("digest");
        require(digest == null || digest.contains(":") || !has(Flaw.NEEDS_COLONS), "no digest I know");
        try {
            boolean same = digest == null
                    ? body.length == 0
                    : body.length > 0 && ContentDigest.parseSlot(digest).equals(ContentDigest.of(body));
            require(same, "another body", Flaw.IGNORES_DIGEST);
        } catch (MalformedException e) {
            require(false, "no digest", Flaw.IGNORES_DIGEST);
        }
    }

    private Price price(Map<String, String> offer) throws Refused {
        String request = offer.getOrDefault("request", "");
        try {
            PaymentRequest.requireCanonical(request);
            PaymentRequest read = PaymentRequest.parse(request);
            require(read.extensions().isEmpty() || !has(Flaw.CHOKES_ON_MEMBERS), "an unknown member");
            boolean believes = has(Flaw.BELIEVES_DESCRIPTION) && offer.containsKey("description");
            long units = believes ? 1 : read.amount().baseUnits();
            Money money = Money.of(Amount.of(units), read.currency());
            Object capture = read.methodDetails().get("capture");
            require(capture instanceof String text && text.matches("exact|upto"), "no capture", Flaw.LENIENT_REQUEST);
            boolean toOthers = read.methodDetails().containsKey("providers");
            require(!toOthers, "a wallet service", Flaw.IGNORES_PROVIDERS, Flaw.LENIENT_REQUEST);
            return new Price(
                    units,
                    read.currency().text(),
                    money.code(),
                    money.value(),
                    String.valueOf(read.recipient()),
                    String.valueOf(capture));
        } catch (MalformedException e) {
            require(false, "no request", Flaw.LENIENT_REQUEST, Flaw.PAYS_ANY_METHOD);
            return guessed(request);
        }
    }

    /** What a reader makes of a request that wants to please: the last of two members counts, and numbers are texts. */
    private Price guessed(String request) throws Refused {
        try {
            JsonNode read =
                    EASY_GOING.readTree(new String(Base64.getUrlDecoder().decode(request), UTF_8));
            String currency = read.path("currency").asText("usd.e6");
            BigDecimal units = new BigDecimal(read.path("amount").asText("1"));
            Money one = Money.of(Amount.of(1), new CurrencyId(currency));
            return new Price(
                    units.longValue(),
                    currency,
                    one.code(),
                    one.value().multiply(units),
                    read.path("recipient").asText(),
                    read.path("methodDetails").path("capture").asText());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new Refused("no request at all");
        }
    }

    private void checkSignature(Map<String, String> offer, RequestTarget target, Instant now, Keys keys, Price price)
            throws Refused, IOException {
        String jws = offer.get("jws");
        require(jws != null, "not signed", Flaw.PAYS_UNSIGNED);
        boolean endless = offer.get("expires") == null && has(Flaw.NEEDS_NO_END);
        if (jws == null || endless || has(Flaw.IGNORES_SIGNATURE) || has(Flaw.TRUSTS_ACCEPT)) {
            return;
        }
        if (has(Flaw.ASKS_THE_NAMED_PAYEE)
                && !price.recipient().equals(target.origin().text())) {
            return;
        }
        if (has(Flaw.TRUSTS_BROUGHT_KEY) && header(jws).has("jwk")) {
            return;
        }
        try {
            ChallengeVerifier.verify(Challenge.ofEcho(offer, "offer").withJws(jws), target, keys.get(), null, now);
        } catch (SignatureRejectedException e) {
            Flaw ignores = IGNORED.get(e.reason());
            boolean odd = price.capture().isEmpty() || has(Flaw.LENIENT_REQUEST);
            require(odd || (ignores != null && has(ignores)), "signature: " + e.reason());
        } catch (MalformedException e) {
            require(false, "no key document, or no challenge", blindToForm());
        }
    }

    /** Whoever takes what is no challenge cannot check its signature either. */
    private Flaw[] blindToForm() {
        return new Flaw[] {
            Flaw.NEEDS_NO_ID,
            Flaw.TAKES_EMPTY_ID,
            Flaw.OBEYS_ANY_FIELD,
            Flaw.NEEDS_NO_END,
            Flaw.LENIENT_REQUEST,
            Flaw.PAYS_ANY_METHOD,
            Flaw.TAKES_CONTROLS
        };
    }

    /** The header of a signature, however it looks. */
    static JsonNode header(String jws) {
        try {
            return EASY_GOING.readTree(Base64Url.decode(jws.split("\\.", 2)[0], "jws"));
        } catch (MalformedException | IOException e) {
            return EASY_GOING.createObjectNode();
        }
    }
}
