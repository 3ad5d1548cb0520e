package org.farthing.server.offer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.jspecify.annotations.Nullable;

/**
 * What one answer of a route costs and how it is charged (protocol sections 1.3, 2.1 and 2.2).
 *
 * @param routeId the stable name of the route, in challenges of route mode, events and the ledger; empty until a {@link
 *     PriceList} gives the route a name after its methods and path
 * @param amount the price in base units; with {@code upTo} the most it can be
 * @param currency the currency id
 * @param description what is sold, for people; signed with the challenge, and generic, because receipts get shared
 * @param binding what a challenge is tied to
 * @param capture when the money moves
 * @param upTo whether the handler may charge less than the amount, see {@code Payment.capture}
 * @param maxDuration how long the handler may take before the charge is released and the answer discarded
 * @param holdLimit how many bytes of an answer are held back at most in {@link CaptureMode#HOLD}
 * @param repeatable whether the handler may run twice for one payment although the method is not safe
 * @param chargeNotModified whether a 304 is charged, too
 * @param methods the payment methods that may pay it, such as {@code wallet}; empty for all
 * @param credentialField the field its credential comes in, or null for the one the server is set to
 * @param pass for how long the wallet that paid gets the same request again for nothing, or null for never
 * @param otherSchemes whether it may be paid by another authentication scheme, too, see {@link Builder#otherSchemes}
 * @param translations the description in other languages, by their lower-case tags such as {@code de} or {@code pt-br}
 */
public record Offer(
        String routeId,
        Amount amount,
        CurrencyId currency,
        @Nullable String description,
        BindingMode binding,
        CaptureMode capture,
        boolean upTo,
        Duration maxDuration,
        int holdLimit,
        boolean repeatable,
        boolean chargeNotModified,
        Set<String> methods,
        @Nullable CredentialField credentialField,
        @Nullable Duration pass,
        boolean otherSchemes,
        Map<String, String> translations) {

    /** How many bytes of an answer are held back unless the offer says otherwise. */
    public static final int DEFAULT_HOLD_LIMIT = 64 * 1024;

    /** How long a handler may take unless the offer says otherwise. */
    public static final Duration DEFAULT_MAX_DURATION = Duration.ofSeconds(60);

    /** The longest pass: while it holds, the ledger must still know the charge (F-ST-42). */
    public static final Duration MAX_PASS = Duration.ofHours(23);

    /** How long the ledger knows a charge after its challenge ended. */
    private static final Duration CHARGES_ARE_KEPT = Duration.ofHours(24);

    /** Base units of people's amounts: fine enough for a thousandth of a cent, and still a readable number. */
    private static final int USUAL_EXPONENT = 6;

    private static final int FINEST_EXPONENT = 12;

    /** Texts are in English where nothing else is said, as those of problems are. */
    private static final String USUAL_LANGUAGE = "en";

    /** Longer lists of languages are nobody's who reads. */
    private static final int MAX_LANGUAGES = 1_000;

    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,8}(-[a-z0-9]{1,8})*");

    /**
     * Checks the limits and that the parts fit together.
     *
     * @param routeId as the record says
     * @param amount as the record says
     * @param currency as the record says
     * @param description as the record says
     * @param binding as the record says
     * @param capture as the record says
     * @param upTo as the record says
     * @param maxDuration as the record says
     * @param holdLimit as the record says
     * @param repeatable as the record says
     * @param chargeNotModified as the record says
     * @param methods as the record says
     * @param credentialField as the record says
     * @param pass as the record says
     * @param otherSchemes as the record says
     * @param translations as the record says
     * @throws IllegalArgumentException with a sentence that says what does not fit
     */
    public Offer {
        if (!isRouteId(routeId)) {
            throw new IllegalArgumentException("a route id has at most 64 letters, digits, dots, '_' and '-'");
        }
        if (maxDuration.isNegative() || maxDuration.isZero()) {
            throw new IllegalArgumentException("maxDuration must be longer than zero, it is " + maxDuration);
        }
        if (holdLimit < 0) {
            throw new IllegalArgumentException("holdLimit must not be negative, it is " + holdLimit);
        }
        if (upTo && capture == CaptureMode.UPFRONT) {
            throw new IllegalArgumentException(
                    "an upfront charge takes the whole amount before the handler runs, so it cannot be 'up to': use HOLD");
        }
        methods = Set.copyOf(methods);
        if (!methods.stream().allMatch(Offer::isMethodName)) {
            throw new IllegalArgumentException("a payment method is named by 1 to 32 letters a to z");
        }
        if (pass != null) {
            checkPass(pass, maxDuration, binding);
        }
        translations = Map.copyOf(translations);
        if (!translations.keySet().stream()
                .allMatch(tag -> LANGUAGE.matcher(tag).matches())) {
            throw new IllegalArgumentException("a language is named by a tag such as de or pt-BR (RFC 5646)");
        }
        if (description == null && !translations.isEmpty()) {
            throw new IllegalArgumentException("a translated description needs the one for everybody else, too");
        }
    }

    private static void checkPass(Duration pass, Duration maxDuration, BindingMode binding) {
        if (pass.compareTo(Duration.ofSeconds(1)) < 0 || pass.compareTo(MAX_PASS) > 0) {
            throw new IllegalArgumentException("a pass holds for 1 second to 23 hours, not " + pass);
        }
        if (pass.plus(maxDuration).compareTo(CHARGES_ARE_KEPT) > 0) {
            throw new IllegalArgumentException("a pass and maxDuration are 24 hours together at most");
        }
        if (binding != BindingMode.EXACT) {
            throw new IllegalArgumentException(
                    "a pass is for the very request that was paid for: use it with exact binding");
        }
    }

    /**
     * Starts an offer from an amount as people write it.
     *
     * @param price for example {@code 0.002usd} or {@code 3 unit:pages}, see {@link Money#parse}
     * @return a builder with the defaults: exact binding, hold, 64 KiB, 60 s
     * @throws IllegalArgumentException if the text is no amount of money
     */
    public static Builder of(String price) {
        try {
            Money money = Money.parse(price);
            for (int exponent = USUAL_EXPONENT; ; exponent++) {
                CurrencyId currency = currencyOf(money, exponent);
                try {
                    return of(money.toAmount(currency), currency);
                } catch (ArithmeticException e) {
                    if (exponent == FINEST_EXPONENT || currency.unitName().isPresent()) {
                        throw new IllegalArgumentException("the price is too fine or too large for its currency", e);
                    }
                }
            }
        } catch (MalformedException e) {
            throw new IllegalArgumentException("a price looks like 0.002usd; " + e.getMessage(), e);
        }
    }

    /**
     * Starts an offer.
     *
     * @param amount the price in base units
     * @param currency the currency id
     * @return a builder with the defaults: exact binding, hold, 64 KiB, 60 s
     */
    public static Builder of(Amount amount, CurrencyId currency) {
        return new Builder(amount, currency);
    }

    /** The same offer of a route with this id. */
    Offer named(String id) {
        return new Builder(this).routeId(id).build();
    }

    /** The same offer at this price, in base units of the same currency. */
    Offer priced(Amount price) {
        return new Builder(this).money(price, currency).build();
    }

    /**
     * Tells whether a payment method may pay it.
     *
     * @param method the method's name
     * @return true if it is named, or none is
     */
    public boolean isFor(String method) {
        return methods.isEmpty() || methods.contains(method);
    }

    /**
     * Takes the pass off, for requests that cannot have one.
     *
     * @return the same offer without a pass
     */
    public Offer withoutPass() {
        return pass == null ? this : new Builder(this).pass(null).build();
    }

    /**
     * Chooses the language of the description (S38). The description without a language is for everybody whose languages it is
     * not in, and for who asks for English, unless that is a language of its own.
     *
     * @param acceptLanguage what the client says it reads: {@code Accept-Language}, or an empty text
     * @return the same offer, described in the best of its languages
     */
    public Offer readBy(String acceptLanguage) {
        if (translations.isEmpty() || acceptLanguage.isBlank() || acceptLanguage.length() > MAX_LANGUAGES) {
            return this;
        }
        try {
            Set<String> tags = new HashSet<>(translations.keySet());
            tags.add(USUAL_LANGUAGE);
            String best = Locale.lookupTag(Locale.LanguageRange.parse(acceptLanguage), tags);
            String text = best == null ? null : translations.get(best.toLowerCase(Locale.ROOT));
            return text == null ? this : new Builder(this).description(text).build();
        } catch (IllegalArgumentException e) {
            return this;
        }
    }

    /** The same offer with its longest text. */
    Offer longest() {
        String longest = description == null ? "" : description;
        for (String text : translations.values()) {
            int more = text.getBytes(StandardCharsets.UTF_8).length - longest.getBytes(StandardCharsets.UTF_8).length;
            longest = more > 0 ? text : longest;
        }
        return translations.isEmpty()
                ? this
                : new Builder(this).description(longest).build();
    }

    /**
     * What a challenge that is out already promised, under today's limits. Money that may be taken in part cannot have moved
     * before, so such a promise is kept by holding the answer.
     */
    Offer promised(Amount price, CurrencyId money, boolean atMost) {
        boolean stillSo = price.equals(amount) && money.equals(currency) && atMost == upTo;
        if (stillSo && (!atMost || capture == CaptureMode.HOLD)) {
            return this;
        }
        Builder builder = new Builder(this).money(price, money);
        builder.upTo = atMost;
        builder.capture = atMost ? CaptureMode.HOLD : capture;
        return builder.build();
    }

    /**
     * Takes the whole amount or nothing, for payment methods that cannot give change.
     *
     * @return the same offer at a fixed price
     */
    public Offer exactly() {
        return upTo ? promised(amount, currency, false) : this;
    }

    private static CurrencyId currencyOf(Money money, int exponent) throws MalformedException {
        String code = money.code();
        return CurrencyId.parse(code.startsWith("unit:") ? code : code + ".e" + exponent, "price");
    }

    private static boolean isMethodName(String text) {
        return !text.isEmpty() && text.length() <= 32 && text.chars().allMatch(c -> c >= 'a' && c <= 'z');
    }

    private static boolean isRouteId(String text) {
        return text.length() <= 64 && text.chars().allMatch(Offer::isRouteCharacter);
    }

    private static boolean isRouteCharacter(int c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    }

    /** Collects the parts of an offer. For one thread. */
    public static final class Builder {

        private Amount amount;
        private CurrencyId currency;
        private String routeId = "";
        private @Nullable String description;
        private BindingMode binding = BindingMode.EXACT;
        private CaptureMode capture = CaptureMode.HOLD;
        private boolean upTo;
        private Duration maxDuration = DEFAULT_MAX_DURATION;
        private int holdLimit = DEFAULT_HOLD_LIMIT;
        private boolean repeatable;
        private boolean chargeNotModified;
        private Set<String> methods = Set.of();
        private @Nullable CredentialField credentialField;
        private @Nullable Duration pass;
        private boolean otherSchemes;
        private final Map<String, String> translations = new HashMap<>();

        private Builder(Amount amount, CurrencyId currency) {
            this.amount = amount;
            this.currency = currency;
        }

        private Builder(Offer offer) {
            this(offer.amount, offer.currency);
            routeId = offer.routeId;
            description = offer.description;
            binding = offer.binding;
            capture = offer.capture;
            upTo = offer.upTo;
            maxDuration = offer.maxDuration;
            holdLimit = offer.holdLimit;
            repeatable = offer.repeatable;
            chargeNotModified = offer.chargeNotModified;
            methods = offer.methods;
            credentialField = offer.credentialField;
            pass = offer.pass;
            otherSchemes = offer.otherSchemes;
            translations.putAll(offer.translations);
        }

        private Builder money(Amount price, CurrencyId money) {
            amount = price;
            currency = money;
            return this;
        }

        /**
         * Names the route. Without a name it is called after its methods and path; then renaming a path ends the challenges
         * of route mode that are out.
         *
         * @param id letters, digits, dots, {@code _} and {@code -}, unique in the price list
         * @return this
         */
        public Builder routeId(String id) {
            this.routeId = id;
            return this;
        }

        /**
         * Says what is sold.
         *
         * @param text for people; generic, because it is kept in receipts and statements
         * @return this
         */
        public Builder description(String text) {
            this.description = text;
            return this;
        }

        /**
         * Says what is sold in another language, for clients that ask for it with {@code Accept-Language}.
         *
         * @param language its tag, such as {@code de} or {@code pt-BR}
         * @param text as with {@link #description(String)}, which is still needed
         * @return this
         */
        public Builder description(String language, String text) {
            translations.put(language.toLowerCase(Locale.ROOT), text);
            return this;
        }

        /**
         * Says what challenges are tied to.
         *
         * @param mode the mode
         * @return this
         */
        public Builder binding(BindingMode mode) {
            this.binding = mode;
            return this;
        }

        /**
         * Takes the money before the handler runs, for streams, large answers and connections that switch protocols (101).
         *
         * @return this
         */
        public Builder upfront() {
            this.capture = CaptureMode.UPFRONT;
            return this;
        }

        /**
         * Lets the handler charge less than the amount.
         *
         * @return this
         */
        public Builder upTo() {
            this.upTo = true;
            return this;
        }

        /**
         * Limits how long the handler may take.
         *
         * @param limit longer than zero
         * @return this
         */
        public Builder maxDuration(Duration limit) {
            this.maxDuration = limit;
            return this;
        }

        /**
         * Limits how much of an answer is held back.
         *
         * @param bytes at least 0
         * @return this
         */
        public Builder holdLimit(int bytes) {
            this.holdLimit = bytes;
            return this;
        }

        /**
         * Declares that running the handler twice does no harm, although the method is not safe.
         *
         * @return this
         */
        public Builder repeatable() {
            this.repeatable = true;
            return this;
        }

        /**
         * Charges for a 304 answer, too.
         *
         * @return this
         */
        public Builder chargeNotModified() {
            this.chargeNotModified = true;
            return this;
        }

        /**
         * Lets only some payment methods pay it, for example credits of a shop at its own ledger alone.
         *
         * @param names the methods' names, such as {@code wallet}; none for all methods
         * @return this
         */
        public Builder methods(String... names) {
            this.methods = Set.of(names);
            return this;
        }

        /**
         * Says where its credential is to be sent, whatever the server is set to (S53).
         *
         * @param field {@link CredentialField#PAYMENT_AUTHORIZATION} where the application needs {@code Authorization} itself
         * @return this
         */
        public Builder credentialField(CredentialField field) {
            this.credentialField = field;
            return this;
        }

        /**
         * Lets the wallet that paid ask for the same thing again for a time without paying again (spec/pass.md). For GET and
         * HEAD requests without a body; the wallet proves itself each time.
         *
         * @param duration 1 second to 23 hours, in whole seconds; null for no pass
         * @return this
         */
        public Builder pass(@Nullable Duration duration) {
            this.pass = duration == null ? null : duration.truncatedTo(ChronoUnit.SECONDS);
            return this;
        }

        /**
         * Lets it be paid by clients that do not know {@code Payment}, too, where a payment method has another scheme: tokens by
         * {@code PrivateToken} (RFC 9577) where the price is one token (spec/token-payment.md, F-TK-63). Such a client gets no
         * receipt. Leave it out where the application uses that scheme itself.
         *
         * @return this
         */
        public Builder otherSchemes() {
            this.otherSchemes = true;
            return this;
        }

        /**
         * Builds the offer.
         *
         * @return the offer
         * @throws IllegalArgumentException with a sentence that says which parts do not fit together
         */
        public Offer build() {
            return new Offer(
                    routeId,
                    amount,
                    currency,
                    description,
                    binding,
                    capture,
                    upTo,
                    maxDuration,
                    holdLimit,
                    repeatable,
                    chargeNotModified,
                    methods,
                    credentialField,
                    pass,
                    otherSchemes,
                    translations);
        }
    }
}
