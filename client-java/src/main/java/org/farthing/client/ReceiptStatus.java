package org.farthing.client;

/** What a receipt on an answer is worth (spec/receipt.md, F-RC-20 to F-RC-22). In every case the money stays spent. */
public enum ReceiptStatus {
    /** Signed by the payee, and for exactly this payment. */
    VALID,
    /** There is one, and it is not signed; it proves nothing. */
    UNSIGNED,
    /** There is one, and it does not hold: wrong signature, or about another payment. */
    INVALID,
    /** There is none. */
    ABSENT
}
