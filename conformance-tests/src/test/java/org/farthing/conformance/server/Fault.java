package org.farthing.conformance.server;

/** What {@link TinyPayee} can be made to do wrong. Each is a line or two where the right behaviour is left out. */
enum Fault {
    // What is asked of whoever has not paid.
    /** Serves without payment. */
    UNPAID_SERVED,
    /** Says 401 where payment is needed. */
    UNPAID_IS_401,
    /** A 402 that offers nothing. */
    NO_CHALLENGE,
    /** Sends whoever has no account to the login page. */
    ACCOUNT_NEEDED,
    /** Asks for money before it asks who it is. */
    PRICE_BEFORE_LOGIN,
    /** A page that costs nothing is answered 402. */
    FREE_IS_402,
    /** An unknown path is answered 402. */
    NOT_FOUND_IS_402,
    /** HEAD is served without payment. */
    HEAD_FREE,
    /** OPTIONS is answered by the application. */
    OPTIONS_SERVES,
    /** Methods but GET and POST pass. */
    OTHER_METHODS_FREE,
    /** A POST without a body passes. */
    EMPTY_POST_FREE,
    /** Looks at {@code If-None-Match} before the payment. */
    CONDITIONAL_FIRST,
    /** Looks at {@code Range} before the payment. */
    RANGE_FIRST,
    /** Lets pages of every origin read its offers. */
    CORS_FOR_ALL,
    /** Lets {@code X-Original-URL} choose the page behind the paywall. */
    REWRITE_FIELD,
    /** Lets {@code X-HTTP-Method-Override} choose the method before the paywall. */
    METHOD_OVERRIDE,
    /** Prices the path as it is written and serves it as it is meant. */
    RAW_PATH_PRICED,
    /** Shows the priced page in place of an error. */
    ERROR_SHOWS_PAGE,
    /** Takes any credential in {@code Authorization} for a payment. */
    OTHER_SCHEME_PAYS,
    /** Runs the application and then asks for the money. */
    RUNS_UNPAID,

    // The challenge.
    /** No nonce: two challenges of one second are the same. */
    NO_NONCE,
    /** Ids made with the secret of the examples. */
    PUBLISHED_SECRET,
    /** An empty id. */
    EMPTY_ID,
    /** No realm. */
    NO_REALM,
    /** A realm that is not ASCII. */
    REALM_NOT_ASCII,
    /** A method with a capital. */
    METHOD_IN_CAPITALS,
    /** An intent with an underscore. */
    INTENT_NO_TOKEN,
    /** A request with padding. */
    REQUEST_PADDED,
    /** An amount with a decimal point. */
    AMOUNT_WITH_POINT,
    /** A request that is not canonical JSON. */
    REQUEST_NOT_CANONICAL,
    /** No digest where there is a body. */
    NO_DIGEST,
    /** No time at which it ends. */
    NO_EXPIRES,
    /** A time that is not RFC 3339. */
    EXPIRES_IN_SECONDS,
    /** Already expired when it leaves. */
    BORN_EXPIRED,
    /** Good for a year. */
    LIVES_A_YEAR,
    /** An opaque object that is not flat. */
    OPAQUE_NESTED,
    /** A parameter of its own with a capital. */
    CUSTOM_PARAM_IN_CAPITALS,
    /** A challenge of more than 8 KB. */
    LONG_CHALLENGE,
    /** Selects a field of its own invention. */
    HEADER_OF_ITS_OWN,
    /** Does not say which keys it signs with. */
    NO_KEY_DOCUMENT,
    /** Not signed. */
    CHALLENGE_NOT_SIGNED,
    /** Signed, then changed. */
    CHALLENGE_SIGNATURE_WRONG,
    /** In the client's language, without saying so to caches. */
    LANGUAGE_WITHOUT_VARY,
    /** Sends the challenge of the last answer again. */
    CHALLENGE_AGAIN,
    /** Does not read {@code Accept-Payment}. */
    ACCEPT_PAYMENT_IGNORED,
    /** Puts first what the client likes least. */
    ACCEPT_PAYMENT_BACKWARDS,
    /** Offers also what the client said it would not use. */
    ACCEPT_PAYMENT_KEEPS_ZERO,
    /** Lets the first range decide, not the most specific one. */
    ACCEPT_PAYMENT_FIRST_RANGE,
    /** Offers nothing to a client that accepts nothing it has. */
    ACCEPT_PAYMENT_LEAVES_NONE,
    /** Offers one method only unless {@code Accept-Payment} asks for more. */
    ACCEPT_PAYMENT_NEEDED,

    // What is checked of a credential.
    /** Takes any parameters with an id it issued. */
    PARAMETERS_NOT_BOUND,
    /** Takes any challenge, whoever made it. */
    ID_NOT_CHECKED,
    /** Computes with the amount before it knows whose it is. */
    AMOUNT_PARSED_FIRST,
    /** Does not bind the request method. */
    METHOD_NOT_BOUND,
    /** Binds the path as it is written and serves what is left of it without dots. */
    DOTS_RESOLVED,
    /** Leaves opaque out of the binding. */
    OPAQUE_NOT_BOUND,
    /** Leaves the field selection out of the binding. */
    HEADER_NOT_BOUND,
    /** Leaves expires out of the binding. */
    EXPIRES_NOT_BOUND,
    /** Takes a challenge of another page. */
    CROSS_ROUTE,
    /** Takes a challenge of another realm with the same secret. */
    CROSS_REALM,
    /** Takes any body. */
    DIGEST_NOT_CHECKED,
    /** Takes a body that was not there when the price was asked. */
    BODY_WITHOUT_DIGEST,
    /** Takes a challenge for ever. */
    NEVER_EXPIRES,
    /** Takes no proof. */
    PROOF_NEVER_HOLDS,
    /** Takes any proof. */
    PROOF_NOT_CHECKED,
    /** Takes {@code alg} {@code none} and whatever else. */
    ANY_ALGORITHM,
    /** Takes whatever key comes with the signature. */
    KEY_OF_THE_SENDER,
    /** Takes a signature of zeros, as a broken library would. */
    ZEROS_ARE_A_SIGNATURE,
    /** Takes a signature whatever it was made for. */
    ANY_TYPE,
    /** Takes an order that was made out for another ledger. */
    ANY_LEDGER,
    /** Debits less than it gives. */
    FUNDS_NOT_CHECKED,
    /** Wants the description back. */
    DESCRIPTION_NEEDED,
    /** Refuses members it does not know. */
    UNKNOWN_MEMBERS_REFUSED,
    /** Reads base64url with padding, and with stray bits. */
    LENIENT_BASE64,
    /** Reads JSON in which a name stands twice. */
    DOUBLE_NAMES,
    /** Compares the request as numbers and texts, not as bytes. */
    REQUEST_REWRITTEN,
    /** Takes no credential above 3 KB. */
    SMALL_CREDENTIALS,
    /** Takes no head above 4 KB. */
    SMALL_HEAD,
    /** Fails on a long head. */
    LONG_HEAD_FAILS,
    /** Fails on JSON that is too deep. */
    DEEP_JSON_FAILS,
    /** Knows the scheme in one spelling only. */
    SCHEME_CASE_SENSITIVE,
    /** Takes the first of two credentials. */
    FIRST_OF_TWO,
    /** Takes the credential from whichever field. */
    ANY_FIELD,
    /** Takes the credential from the query. */
    CREDENTIAL_IN_QUERY,
    /** Takes the credential from a cookie. */
    CREDENTIAL_IN_COOKIE,
    /** Takes the credential from {@code Proxy-Authorization}. */
    CREDENTIAL_IN_PROXY_FIELD,
    /** Takes a receipt for a payment. */
    RECEIPT_BUYS,
    /** Takes a length and a transfer coding together. */
    TWO_LENGTHS,

    // Claims and retries.
    /** Burns nothing: a credential is good until it expires. */
    REPLAY_SERVED,
    /** Looks first, and claims after the application ran. */
    RACE,
    /** Gives the stored answer to whoever names the challenge. */
    STORED_FOR_ANYBODY,
    /** Does not know the same bytes again. */
    SAME_BYTES_REFUSED,
    /** Runs the application again for the same bytes. */
    SAME_BYTES_RUN_AGAIN,
    /** Does not look at the form of {@code Idempotency-Key}. */
    IDEMPOTENCY_FORM_IGNORED,
    /** Ignores {@code Idempotency-Key}. */
    IDEMPOTENCY_IGNORED,
    /** Answers other content with the stored answer of the key. */
    IDEMPOTENCY_BY_KEY_ALONE,
    /** Takes the key of one payer for that of another. */
    IDEMPOTENCY_OF_ANYBODY,
    /** Charges although the application failed. */
    FAILURE_CHARGED,

    // What an answer says.
    /** Answers what it cannot read with 400. */
    MALFORMED_IS_400,
    /** Answers what it cannot read with 500. */
    MALFORMED_IS_500,
    /** Refuses credentials with 401. */
    REFUSAL_IS_401,
    /** Refuses without a fresh challenge. */
    REFUSAL_WITHOUT_CHALLENGE,
    /** Calls every refusal payment-required. */
    ONE_PROBLEM_FOR_ALL,
    /** Says in plain text what is wrong. */
    NO_PROBLEM_BODY,
    /** Types of its own where the draft has one. */
    OWN_PROBLEM_TYPES,
    /** The status in the body is another one. */
    PROBLEM_STATUS_DIFFERS,
    /** Says expired challenges are invalid. */
    EXPIRED_IS_INVALID,
    /** Says a wrong payload is malformed. */
    PAYLOAD_IS_MALFORMED,
    /** Refuses a method it does not have as if the proof were wrong. */
    METHOD_UNSUPPORTED_IS_VERIFICATION,
    /** Answers several credentials with 402. */
    SEVERAL_IS_402,
    /** Denies with 402. */
    DENIED_IS_402,
    /** Says 402 to a payer that paid for what is not there. */
    MISSING_IS_402,
    /** No receipt. */
    NO_RECEIPT,
    /** A receipt whose status is something else. */
    RECEIPT_STATUS_OK,
    /** A receipt on what was not sold. */
    RECEIPT_ON_ERRORS,
    /** A receipt that cannot be read. */
    RECEIPT_NOT_BASE64URL,
    /** A receipt without time. */
    RECEIPT_WITHOUT_TIME,
    /** A receipt that is signed and then changed. */
    RECEIPT_SIGNATURE_WRONG,
    /** Lets caches keep a 402. */
    CHALLENGE_CACHEABLE,
    /** Lets caches keep what was paid for. */
    PAID_CACHEABLE,
    /** Lets caches keep a refusal. */
    REFUSAL_CACHEABLE,
    /** Forgets caches where the credential came in a field of its own. */
    OTHER_FIELD_CACHEABLE,
    /** Asks to wait and does not say how long. */
    NO_RETRY_AFTER,
    /** Repeats the credential in the body of an error. */
    CREDENTIAL_IN_ERROR,
    /** Says which line of its own failed. */
    STACK_TRACE_IN_ERROR,
    /** Writes what the sender named into a field, as it came. */
    ID_WRITTEN_RAW,
    /** Does not say what became of the money. */
    NO_OUTCOME,
    /** Says {@code captured} of what it released. */
    OUTCOME_WRONG,
    /** Says what became of the money where there was none. */
    OUTCOME_UNASKED,
    /** Serves the same bytes once more after it released them. */
    RELEASED_IS_FORGOTTEN,
    /** Releases without its signature. */
    RELEASE_NOT_SIGNED,
    /** Says that a wallet is not known. */
    UNKNOWN_WALLET_TOLD,
    /** Says what the wallet has before it knows who asks. */
    BALANCE_TOLD,

    // Transport.
    /** Offers pages over plain http, at a port for TLS. */
    PLAIN_HTTP,
    /** Does not tell browsers to come over https. */
    NO_STRICT_TRANSPORT,
    /** Speaks TLS 1.1. */
    OLD_TLS;

    /** Whether it is seen over TLS only. */
    boolean isOfTls() {
        return compareTo(PLAIN_HTTP) >= 0;
    }
}
