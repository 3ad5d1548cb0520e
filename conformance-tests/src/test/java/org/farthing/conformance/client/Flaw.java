package org.farthing.conformance.client;

import java.util.List;

/** What a {@link TinyPayer} can be told to do wrong. Each is a line or two where the right behaviour is left out. */
enum Flaw {
    /** Pays a challenge without an id. */
    NEEDS_NO_ID("C1-empty-id", "C1-missing-id"),
    /** Pays a challenge whose id is empty. */
    TAKES_EMPTY_ID("C1-empty-id"),
    /** Echoes the id in another spelling. */
    ALTERS_ID("C2-id-echoed"),
    /** Sends the credential with another body than the one the challenge binds. */
    SENDS_OTHER_BODY("C3-same-body-again"),
    /** Leaves the digest out of the echo. */
    DROPS_DIGEST("C3-digest-without-colons", "C3-same-body-again"),
    /** Pays a challenge that binds another body than its own. */
    IGNORES_DIGEST("C3-digest-of-another-body", "C3-digest-without-a-body"),
    /** Knows digests between colons only. */
    NEEDS_COLONS("C3-digest-without-colons"),
    /** Pays what has expired. */
    PAYS_EXPIRED("C4-expired", "C4-expired-elsewhere-on-earth"),
    /** Reads a time as if it had no offset. */
    IGNORES_OFFSET("C4-expired-elsewhere-on-earth"),
    /** Knows times of whole seconds only. */
    NEEDS_WHOLE_SECONDS("C4-fraction-of-a-second"),
    /** Takes the price from the text for people. */
    BELIEVES_DESCRIPTION("C5-description-does-not-count"),
    /** Prints the text for people as it came. */
    SHOWS_DESCRIPTION("T26-turned-round"),
    /** Echoes an opaque of its own making. */
    REWRITES_OPAQUE("C6-opaque-echoed", "C12-four-kilobytes"),
    /** Leaves the opaque out of the echo. */
    DROPS_OPAQUE("C6-opaque-echoed"),
    /** Pays no challenge that has a parameter it does not know. */
    CHOKES_ON_PARAMETERS("C7-unknown-parameters"),
    /** Pays no request that has a member it does not know. */
    CHOKES_ON_MEMBERS("C7-unknown-members"),
    /** Echoes every parameter it got, also the signature. */
    ECHOES_EVERYTHING("F-CR-23-signature-not-echoed"),
    /** Writes its credential with padding. */
    PADS_CREDENTIAL("C8-base64url-without-padding"),
    /** Writes its credential with the alphabet of plain base64. */
    WRITES_PLAIN_BASE64("C8-base64url-without-padding"),
    /** Echoes the request as an object instead of the text it got. */
    DECODES_REQUEST("C8-credential-shape", "C8-nothing-lost-or-made-up", "T26-not-normalised"),
    /** Echoes the request written anew, its texts normalised. */
    NORMALISES_TEXTS("T26-not-normalised"),
    /** Sends a credential without a payload. */
    FORGETS_PAYLOAD("C8-credential-shape"),
    /** Leaves the description out of the echo. */
    FORGETS_DESCRIPTION("C8-description-echoed"),
    /** Names itself by something that is no DID. */
    NO_DID("C9-source-is-a-did"),
    /** Pays an intent it does not know as if it were a charge. */
    PAYS_ANY_INTENT("C10-unknown-intent"),
    /** Pays a method it does not have. */
    PAYS_ANY_METHOD("C11-other-method"),
    /** Writes an Accept-Payment that follows no grammar. */
    WRITES_BAD_ACCEPT("C11-accept-payment"),
    /** Pays a challenge unseen, because it asked for its kind. */
    TRUSTS_ACCEPT("C11-offer-is-looked-at"),
    /** Sees no challenge of more than 2 KiB. */
    SMALL_BUFFER("C12-four-kilobytes"),
    /** Pays over plain http to anybody. */
    PAYS_PLAIN_HTTP("T13-plain-http"),
    /** Takes every certificate. */
    TRUSTS_EVERYBODY("C13-unknown-certificate"),
    /** Pays any amount. */
    NO_LIMIT("C14-amount", "T10-description-in-the-request"),
    /** Pays any currency as if it were the one it has a limit for. */
    ANY_CURRENCY("C14-currency"),
    /** Pays anybody. */
    ANY_RECIPIENT("C14-recipient"),
    /** Sees a 402 only where the reason phrase says so. */
    NEEDS_REASON_PHRASE("C15-bare-402"),
    /** Pays only where the body is a problem document. */
    NEEDS_PROBLEM("C15-bare-402", "C15-page-of-a-proxy"),
    /** Ends itself when a 402 has no challenge, as if all were well. */
    SEES_CONTENT_IN_402("C15-nothing-to-pay"),
    /** Pays the first challenge or none. */
    FIRST_CHALLENGE_ONLY("C17-passes-over-unknown"),
    /** Sends a credential for each challenge. */
    PAYS_EVERY_CHALLENGE("C17-one-credential"),
    /** Writes its credential into two field lines. */
    TWO_LINES("C17-one-credential"),
    /** Prints its credential. */
    PRINTS_CREDENTIAL("C18-nothing-printed"),
    /** Prints the receipt. */
    PRINTS_RECEIPT("C18-nothing-printed"),
    /** Puts the credential into the query too. */
    CREDENTIAL_IN_QUERY("C18-in-one-place"),
    /** Knows values in quotes only. */
    NEEDS_QUOTES("C19-token-values"),
    /** Knows names in lower case only. */
    NEEDS_LOWER_CASE("C19-letter-case"),
    /** Knows the scheme as {@code Payment} only. */
    NEEDS_CASED_SCHEME("C19-letter-case"),
    /** Knows no white space around the equals sign. */
    NEEDS_TIGHT_EQUALS("C19-white-space"),
    /** Cuts at every comma. */
    CUTS_AT_COMMAS("C19-commas-in-quotes", "C19-two-in-one-line"),
    /** Knows no quoted pairs. */
    KNOWS_NO_PAIRS("C19-quoted-pairs"),
    /** Reads the first line of the field only. */
    READS_FIRST_LINE("C19-several-lines"),
    /** Looks for the scheme at the start of the line only. */
    READS_FIRST_SCHEME("C19-other-schemes"),
    /** Lets one bad challenge spoil all. */
    ONE_BAD_SPOILS_ALL("C19-one-bad-one-good"),
    /** Takes a parameter that stands twice. */
    TAKES_DUPLICATES("C19-name-twice"),
    /** Takes control characters in values. */
    TAKES_CONTROLS("T34-control-characters"),
    /** Pays again when the receipt is bad. */
    PAYS_FOR_BAD_RECEIPT("C20-bad-receipt"),
    /** Fails when the receipt has members it does not know. */
    CHOKES_ON_RECEIPT("C20-unknown-members"),
    /** Puts the credential into whatever field the challenge names. */
    OBEYS_ANY_FIELD("C21-other-field"),
    /** Puts every credential into Authorization. */
    ONE_FIELD_ONLY("C21-selected-field"),
    /** Leaves the field's name out of the echo. */
    FORGETS_FIELD("C21-selected-field"),
    /** Echoes a field's name that was not there. */
    INVENTS_FIELD("C21-no-field-named"),
    /** Pays challenges of answers that are no 402. */
    PAYS_ANY_STATUS("F-CH-27-only-402"),
    /** Pays a second time whatever it costs then. */
    PAYS_MORE("T9-price-raised", "T12-asked-again"),
    /** Pays as often as it is asked. */
    PAYS_EVERY_402("T11-endless-402", "T12-asked-again"),
    /** Follows redirects to other origins, and pays there. */
    FOLLOWS_ELSEWHERE("T14-redirect-before-payment"),
    /** Pays at the URL it was given, not at the one a redirect led to. */
    PAYS_WHERE_IT_BEGAN("T14-redirect-within-the-origin"),
    /** Takes its credential along on a redirect. */
    CARRIES_CREDENTIAL("T13-downgrade", "T14-credential-not-sent-on", "T14-credential-stays-at-its-origin"),
    /** Pays what was offered for another request. */
    IGNORES_BINDING("T15-other-page"),
    /** Pays what another realm offered. */
    IGNORES_REALM("T15-other-realm"),
    /** Asks whoever an offer names for the keys to it, so that any good offer of anybody is good here. */
    ASKS_THE_NAMED_PAYEE("T15-relayed-challenge"),
    /** Needs no end of the offer. */
    NEEDS_NO_END("C4-unreadable-end", "T16-no-end"),
    /** Takes any lifetime. */
    ANY_LIFETIME("T16-too-long"),
    /** Believes the key that came with the signature. */
    TRUSTS_BROUGHT_KEY("T22-brought-key"),
    /** Does not look whether the signature fits. */
    IGNORES_SIGNATURE("T15-altered-afterwards", "T17-no-algorithm"),
    /** Fetches keys from where the message says. */
    FETCHES_BROUGHT_URL("T21-brought-address"),
    /** Reads a request as JSON readers do that want to please. */
    LENIENT_REQUEST(
            "T23-deep-request",
            "T24-name-twice",
            "T25-not-canonical",
            "T25-number-for-amount",
            "T26-half-a-character",
            "T27-two-spellings",
            "T28-odd-amounts"),
    /** Takes base units of every scale for the same. */
    IGNORES_SCALE("T30-other-scale"),
    /** Opens the links of problems. */
    OPENS_LINKS("T52-links-of-problems"),
    /** Has its budget back on anybody's word. */
    BELIEVES_RELEASED("T73-released-for-ever"),
    /** Pays what nobody signed. */
    PAYS_UNSIGNED("T74-signature-stripped"),
    /** Keeps a budget for each spelling of a currency. */
    BUDGET_PER_SPELLING("T78-one-budget-per-currency"),
    /** Signs anew where it should send the same again. */
    SIGNS_ANEW("T12-lost-answer", "F-OU-12-same-bytes-again"),
    /** Gives up where it should send the same again. */
    GIVES_UP("F-OU-12-same-bytes-again"),
    /** Takes a challenge of any size. */
    TAKES_ANY_SIZE("T23-oversized-challenge"),
    /** Signs for another ledger than the one it pays. */
    OTHER_LEDGER("T71-for-this-ledger"),
    /** Pays the payee itself where a wallet service is asked for. */
    IGNORES_PROVIDERS("T71-services-unknown"),
    /** Asks wallet services that it knows from the challenge only. */
    ASKS_PROVIDERS("T71-services-unknown"),
    /** Forgets whose keys it saw. */
    NO_PINS("F-KY-61-all-keys-new"),
    /** Pays those only whose keys are the very ones it saw first. */
    RIGID_PINS("T36-new-key-beside-the-old"),
    /** Believes revoked keys. */
    IGNORES_REVOKED("T37-revoked-key"),
    /** Lets every key sign everything. */
    IGNORES_ROLE("T75-wrong-role"),
    /** Takes a signature of any type. */
    IGNORES_TYPE("T18-other-type"),
    /** Prints the proof. */
    PRINTS_PROOF("C18-nothing-printed"),
    /** Sends its credential to the key document's address too. */
    SHOWS_CREDENTIAL_AROUND("C18-in-one-place"),
    /** Shows fewer tokens than the price takes. */
    PAYS_LESS_IN_TOKENS("F-TK-130-tokens-pay"),
    /** Says who pays, beside the tokens. */
    TOKENS_NAME_THE_PAYER("F-TK-136-nothing-of-the-payer"),
    /** Pays more where the payee would keep the rest. */
    OVERPAYS_IN_TOKENS("T29-no-more-than-the-price"),
    /** Pays with more tokens than the payee takes at once. */
    ANY_NUMBER_OF_TOKENS("T29-off-the-grid"),
    /** Shows tokens for one payee to whoever asks for them. */
    ANY_PAYEES_TOKENS("T57-tokens-of-another-payee"),
    /** Shows tokens whatever keys of the issuer the payee has seen. */
    ANY_DIRECTORY("T58-another-directory"),
    /** Buys tokens when a price is asked. */
    BUYS_WHEN_ASKED("T59-nothing-bought-when-asked"),
    /** Shows tokens again that others have seen. */
    SHOWS_SEEN_TOKENS("T70-seen-tokens-are-not-shown-again"),
    /** Does not look whether its tokens hold. */
    KEEPS_BAD_SIGNATURES("F-TK-123-bad-signatures"),
    /** Buys anew what it bought and did not get. */
    BUYS_AGAIN("F-TK-122-lost-answer");

    private final String trips;

    Flaw(String... trips) {
        this.trips = String.join(" ", trips);
    }

    /** The cases that are red on it, at least. */
    List<String> trips() {
        return List.of(trips.split(" ", -1));
    }
}
