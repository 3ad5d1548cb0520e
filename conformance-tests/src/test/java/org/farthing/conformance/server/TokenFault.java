package org.farthing.conformance.server;

import java.util.Set;

/** What {@link TinyMint} can be made to do wrong with blind tokens, and the cases that must see it. */
enum TokenFault {
    /** Offers tokens for a price they do not sum to. */
    OFF_THE_GRID("F-TK-23-offer-can-be-paid"),
    /** Asks for tokens that bear a context, which nobody can buy ahead. */
    CHALLENGE_WITH_CONTEXT("F-TK-23-offer-can-be-paid", "T57-challenge-names-the-payee"),
    /** Asks for tokens that are good elsewhere. */
    NAMES_ANOTHER_PAYEE("T57-challenge-names-the-payee"),
    /** Names the hash of something else. */
    HASH_OF_ANOTHER("T58-directory-is-the-issuers"),
    /** Gives each client a directory of its own. */
    DIRECTORY_FOR_EACH("T58-directory-is-the-issuers"),
    /** Sends a token-key that stands nowhere else. */
    KEY_FOR_ONE("T58-token-key-is-published"),
    /** Sends the key of another denomination. */
    KEY_OF_ANOTHER_VALUE("T58-token-key-is-published"),
    /** Does not claim tokens of scheme PrivateToken. */
    PRIVATE_TOKEN_AGAIN("F-TK-66-private-token-pays-once"),
    /** Takes anything as a token of scheme PrivateToken. */
    PRIVATE_TOKEN_UNSEEN("F-TK-65-private-token-is-verified"),

    /** A receipt that does not say how many tokens. */
    NO_COUNT("F-TK-60-tokens-pay"),
    /** A receipt nobody signed. */
    RECEIPT_NOT_SIGNED("F-TK-60-tokens-pay"),
    /** Takes no tokens. */
    TAKES_NONE("F-TK-60-tokens-pay"),
    /** Takes a repeat for a double spend. */
    REPEAT_REFUSED("F-TK-59-same-credential-same-answer"),
    /** Does not verify. */
    SIGNATURE_UNSEEN("F-TK-6-every-byte-counts", "F-TK-86-swap-verifies"),
    /** Claims first and verifies then. */
    CLAIMS_BEFORE_VERIFYING("F-TK-6-every-byte-counts"),
    /** Does not compare the challenge digest. */
    ANY_PAYEE("T57-token-of-another-payee"),
    /** Remembers no serial. */
    FORGETS_SERIALS(
            "T57-spent-once",
            "T57-two-at-once",
            "T70-released-tokens-stay-with-their-challenge",
            "T69-swapped-tokens-are-spent",
            "T69-spent-tokens-are-not-swapped"),
    /** Does not say which token was spent. */
    NO_INDEX("T57-spent-once", "T70-released-tokens-stay-with-their-challenge", "T69-spent-tokens-are-not-swapped"),
    /** Claims what comes before a spent token. */
    CLAIMS_HALF("T57-spent-once"),
    /** Looks first, claims after a while. */
    RACE("T57-two-at-once"),
    /** Adds a token up as often as it comes. */
    TWICE_COUNTS("T29-one-token-twice"),
    /** Sells for less. */
    LESS_IS_ENOUGH("T29-sum-is-the-price"),
    /** Keeps what is too much, unasked. */
    KEEPS_THE_REST("T29-sum-is-the-price"),
    /** Verifies any number of tokens. */
    ANY_NUMBER("F-TK-24-not-more-than-max-tokens"),
    /** Reads the tokens that are whole and leaves the rest. */
    LEAVES_THE_REST("F-TK-24-not-more-than-max-tokens"),
    /** Frees the serials of a failed request at once. */
    RELEASE_FREES("T70-released-tokens-stay-with-their-challenge"),
    /** Charges a failed request. */
    FAILURE_CHARGED("T70-released-tokens-stay-with-their-challenge", "F-TK-61-release-lists-serials"),
    /** Releases without saying what. */
    RELEASE_WITHOUT_SERIALS("F-TK-61-release-lists-serials"),

    /** Takes tokens for ever. */
    NO_END("F-TK-57-expired"),
    /** Takes a token past its time for one that is not good. */
    EXPIRED_IS_BAD("F-TK-57-expired"),
    /** Does not say which token is past its time. */
    EXPIRED_WITHOUT_PLACES("F-TK-57-expired"),
    /** Does not say where to take it. */
    EXPIRED_WITHOUT_WAY_OUT("F-TK-57-expired"),
    /** Sells tokens of a key that has ended. */
    SELLS_WHAT_ENDED("F-TK-80-not-on-sale"),

    /** A directory of another media type. */
    DIRECTORY_IS_JSON("F-TK-77-directory"),
    /** A directory nobody may keep. */
    DIRECTORY_NOT_KEPT("F-TK-77-directory"),
    /** A directory without keys. */
    DIRECTORY_UNREADABLE("F-TK-77-directory"),
    /** Sells whatever is asked. */
    ANY_ORDER("T59-bundles-only"),
    /** Asks for another price. */
    OTHER_PRICE("F-TK-84-paid-order-is-signed"),
    /** Signs with another key. */
    WRONG_SIGNATURES("F-TK-84-paid-order-is-signed", "F-TK-79-request-of-rfc-9578", "F-TK-86-swap"),
    /** Gives nothing for a repeat. */
    PURCHASE_ONCE("F-TK-84-paid-order-is-signed"),
    /** Does not bind the order. */
    ORDER_NOT_BOUND("T60-other-messages-for-the-money", "F-TK-84-paid-order-is-signed"),
    /** Sells a message again. */
    SOLD_TWICE("F-TK-81-message-is-sold-once"),
    /** Prices what it cannot sign. */
    ANY_NUMBER_SIGNED("T60-no-oracle"),
    /** Signs and then asks for the money. */
    SIGNS_UNPAID("T60-no-oracle"),
    /** Takes another key for one it does not have. */
    ANY_KEY("F-TK-74-unknown-key"),
    /** Answers RFC 9578 in JSON. */
    SINGLE_IN_JSON("F-TK-79-request-of-rfc-9578"),
    /** Sells single tokens at one price. */
    SINGLE_PRICE("F-TK-79-request-of-rfc-9578"),

    /** A swap works once. */
    SWAP_ONCE("F-TK-86-swap"),
    /** Does not mark the inputs of a swap. */
    SWAP_KEEPS_INPUTS("T69-swapped-tokens-are-spent"),
    /** Swaps what was spent. */
    SWAPS_SPENT("T69-swapped-tokens-are-spent", "T69-spent-tokens-are-not-swapped"),
    /** Does not compare the sums. */
    SWAP_MAKES_MONEY("F-TK-86-swap-makes-no-money"),
    /** Swaps what was not verified. */
    SWAP_UNSEEN("F-TK-86-swap-verifies"),
    /** Signs what it never issued. */
    RESTORES_ANYTHING("F-TK-87-restore"),
    /** Restores nothing. */
    RESTORES_NOTHING("F-TK-87-restore"),
    /** Pays tokens out to whoever brings them. */
    REDEEMS_FOR_ANYBODY("F-TK-90-redemption-by-payees"),
    /** Credits a token as often as it comes. */
    REDEEMS_AGAIN("F-TK-90-redeemed-once"),
    /** Does not know what it has credited. */
    REPEAT_IS_SPENT("F-TK-90-redeemed-once"),
    /** Credits what it did not sign. */
    REDEEMS_SPOILT("F-TK-90-verified"),
    /** Refuses all tokens because of one. */
    ONE_SPOILS_ALL("F-TK-90-verified"),
    /** Credits a payee for tokens of another. */
    REDEEMS_FOR_OTHERS("T57-redeemed-by-its-payee-alone"),
    /** Swaps tokens of a payee that may redeem them still. */
    SWAPS_BEHIND_THE_PAYEE("T69-payee-has-authority"),
    /** Credits tokens that were swapped. */
    REDEEMS_SWAPPED("T69-swapped-or-redeemed"),
    /** Swaps tokens that were credited. */
    SWAPS_REDEEMED("T69-swapped-or-redeemed"),
    /** Gives money back nobody granted. */
    REFUNDS_UNASKED("T54-no-refund-unless-due");

    @SuppressWarnings("ImmutableEnumChecker") // the set of Set.of
    private final Set<String> trips;

    TokenFault(String... trips) {
        this.trips = Set.of(trips);
    }

    /** The cases that must fail. */
    Set<String> trips() {
        return trips;
    }
}
