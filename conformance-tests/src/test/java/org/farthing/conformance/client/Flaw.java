package org.farthing.conformance.client;

/** What a {@link TinyPayer} can be told to do wrong. Each is a line or two where the right behaviour is left out. */
enum Flaw {
    /** Pays a challenge without an id. */
    NEEDS_NO_ID,
    /** Pays a challenge whose id is empty. */
    TAKES_EMPTY_ID,
    /** Echoes the id in another spelling. */
    ALTERS_ID,
    /** Sends the credential with another body than the one the challenge binds. */
    SENDS_OTHER_BODY,
    /** Leaves the digest out of the echo. */
    DROPS_DIGEST,
    /** Pays a challenge that binds another body than its own. */
    IGNORES_DIGEST,
    /** Knows digests between colons only. */
    NEEDS_COLONS,
    /** Pays what has expired. */
    PAYS_EXPIRED,
    /** Reads a time as if it had no offset. */
    IGNORES_OFFSET,
    /** Knows times of whole seconds only. */
    NEEDS_WHOLE_SECONDS,
    /** Takes the price from the text for people. */
    BELIEVES_DESCRIPTION,
    /** Prints the text for people as it came. */
    SHOWS_DESCRIPTION,
    /** Echoes an opaque of its own making. */
    REWRITES_OPAQUE,
    /** Leaves the opaque out of the echo. */
    DROPS_OPAQUE,
    /** Pays no challenge that has a parameter it does not know. */
    CHOKES_ON_PARAMETERS,
    /** Pays no request that has a member it does not know. */
    CHOKES_ON_MEMBERS,
    /** Echoes every parameter it got, also the signature. */
    ECHOES_EVERYTHING,
    /** Writes its credential with padding. */
    PADS_CREDENTIAL,
    /** Writes its credential with the alphabet of plain base64. */
    WRITES_PLAIN_BASE64,
    /** Echoes the request as an object instead of the text it got. */
    DECODES_REQUEST,
    /** Echoes the request written anew, its texts normalised. */
    NORMALISES_TEXTS,
    /** Sends a credential without a payload. */
    FORGETS_PAYLOAD,
    /** Leaves the description out of the echo. */
    FORGETS_DESCRIPTION,
    /** Names itself by something that is no DID. */
    NO_DID,
    /** Sends no source. */
    NO_SOURCE,
    /** Pays an intent it does not know as if it were a charge. */
    PAYS_ANY_INTENT,
    /** Pays a method it does not have. */
    PAYS_ANY_METHOD,
    /** Writes an Accept-Payment that follows no grammar. */
    WRITES_BAD_ACCEPT,
    /** Pays a challenge unseen, because it asked for its kind. */
    TRUSTS_ACCEPT,
    /** Sees no challenge of more than 2 KiB. */
    SMALL_BUFFER,
    /** Pays over plain http to anybody. */
    PAYS_PLAIN_HTTP,
    /** Takes every certificate. */
    TRUSTS_EVERYBODY,
    /** Pays any amount. */
    NO_LIMIT,
    /** Pays any currency as if it were the one it has a limit for. */
    ANY_CURRENCY,
    /** Pays anybody. */
    ANY_RECIPIENT,
    /** Sees a 402 only where the reason phrase says so. */
    NEEDS_REASON_PHRASE,
    /** Pays only where the body is a problem document. */
    NEEDS_PROBLEM,
    /** Ends itself when a 402 has no challenge, as if all were well. */
    SEES_CONTENT_IN_402,
    /** Pays the first challenge or none. */
    FIRST_CHALLENGE_ONLY,
    /** Sends a credential for each challenge. */
    PAYS_EVERY_CHALLENGE,
    /** Writes its credential into two field lines. */
    TWO_LINES,
    /** Prints its credential. */
    PRINTS_CREDENTIAL,
    /** Prints the receipt. */
    PRINTS_RECEIPT,
    /** Puts the credential into the query too. */
    CREDENTIAL_IN_QUERY,
    /** Knows values in quotes only. */
    NEEDS_QUOTES,
    /** Knows names in lower case only. */
    NEEDS_LOWER_CASE,
    /** Knows the scheme as {@code Payment} only. */
    NEEDS_CASED_SCHEME,
    /** Knows no white space around the equals sign. */
    NEEDS_TIGHT_EQUALS,
    /** Cuts at every comma. */
    CUTS_AT_COMMAS,
    /** Knows no quoted pairs. */
    KNOWS_NO_PAIRS,
    /** Reads the first line of the field only. */
    READS_FIRST_LINE,
    /** Looks for the scheme at the start of the line only. */
    READS_FIRST_SCHEME,
    /** Lets one bad challenge spoil all. */
    ONE_BAD_SPOILS_ALL,
    /** Takes a parameter that stands twice. */
    TAKES_DUPLICATES,
    /** Takes control characters in values. */
    TAKES_CONTROLS,
    /** Pays again when the receipt is bad. */
    PAYS_FOR_BAD_RECEIPT,
    /** Fails when the receipt has members it does not know. */
    CHOKES_ON_RECEIPT,
    /** Puts the credential into whatever field the challenge names. */
    OBEYS_ANY_FIELD,
    /** Puts every credential into Authorization. */
    ONE_FIELD_ONLY,
    /** Leaves the field's name out of the echo. */
    FORGETS_FIELD,
    /** Echoes a field's name that was not there. */
    INVENTS_FIELD,
    /** Pays challenges of answers that are no 402. */
    PAYS_ANY_STATUS,
    /** Pays a second time whatever it costs then. */
    PAYS_MORE,
    /** Pays as often as it is asked. */
    PAYS_EVERY_402,
    /** Follows redirects to other origins, and pays there. */
    FOLLOWS_ELSEWHERE,
    /** Takes its credential along on a redirect. */
    CARRIES_CREDENTIAL,
    /** Pays what was offered for another request. */
    IGNORES_BINDING,
    /** Pays what another realm offered. */
    IGNORES_REALM,
    /** Needs no end of the offer. */
    NEEDS_NO_END,
    /** Takes any lifetime. */
    ANY_LIFETIME,
    /** Believes the key that came with the signature. */
    TRUSTS_BROUGHT_KEY,
    /** Does not look whether the signature fits. */
    IGNORES_SIGNATURE,
    /** Fetches keys from where the message says. */
    FETCHES_BROUGHT_URL,
    /** Reads a request as JSON readers do that want to please. */
    LENIENT_REQUEST,
    /** Takes base units of every scale for the same. */
    IGNORES_SCALE,
    /** Opens the links of problems. */
    OPENS_LINKS,
    /** Has its budget back on anybody's word. */
    BELIEVES_RELEASED,
    /** Pays what nobody signed. */
    PAYS_UNSIGNED,
    /** Keeps a budget for each spelling of a currency. */
    BUDGET_PER_SPELLING,
    /** Signs anew where it should send the same again. */
    SIGNS_ANEW,
    /** Gives up where it should send the same again. */
    GIVES_UP,
    /** Takes a challenge of any size. */
    TAKES_ANY_SIZE,
    /** Signs for another ledger than the one it pays. */
    OTHER_LEDGER,
    /** Pays the payee itself where a wallet service is asked for. */
    IGNORES_PROVIDERS,
    /** Asks wallet services that it knows from the challenge only. */
    ASKS_PROVIDERS,
    /** Believes revoked keys. */
    IGNORES_REVOKED,
    /** Lets every key sign everything. */
    IGNORES_ROLE,
    /** Takes a signature of any type. */
    IGNORES_TYPE,
    /** Prints the proof. */
    PRINTS_PROOF,
    /** Sends its credential to the key document's address too. */
    SHOWS_CREDENTIAL_AROUND
}
