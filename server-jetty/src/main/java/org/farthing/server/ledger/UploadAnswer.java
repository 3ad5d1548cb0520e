package org.farthing.server.ledger;

/**
 * What an issuer said about one token.
 *
 * @param seq the token's number
 * @param redeemed whether the issuer has it now (accepted or repeated); else it refused it for good
 * @param result what it said, 1 to 200 characters
 */
public record UploadAnswer(long seq, boolean redeemed, String result) {

    /**
     * Checks the text.
     *
     * @param seq as the record says
     * @param redeemed as the record says
     * @param result as the record says
     * @throws IllegalArgumentException if the result is empty or too long
     */
    public UploadAnswer {
        Arguments.text("result", result, 200);
    }
}
