package org.farthing.server.ledger;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was answered to a payment, so that the same credential gets the same answer again (F-RE-12, F-RE-21). A whole outcome
 * has status, header fields and body; one without body is kept for answers that were streamed or too large, and still has
 * the receipt. Immutable.
 */
public final class StoredOutcome {

    /**
     * One field of the answer, in its order.
     *
     * @param name the field's name; who stores the answer may mark trailer fields by a character that names do not have
     * @param value the field's value
     */
    public record Field(String name, String value) {

        /**
         * Checks that the field can be stored line by line.
         *
         * @param name as the record says
         * @param value as the record says
         * @throws IllegalArgumentException if the name is empty, or name or value has a line break or NUL
         */
        public Field {
            if (name.isEmpty() || name.indexOf(':') >= 0 || hasBreak(name) || hasBreak(value)) {
                throw new IllegalArgumentException("a stored header field has an empty name, a line break or a NUL");
            }
        }

        private static boolean hasBreak(String text) {
            return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0;
        }
    }

    private final int status;
    private final List<Field> fields;
    private final byte @Nullable [] body;
    private final @Nullable String receipt;

    private StoredOutcome(int status, List<Field> fields, byte @Nullable [] body, @Nullable String receipt) {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status must have three digits, it is " + status);
        }
        this.status = status;
        this.fields = List.copyOf(fields);
        this.body = body;
        this.receipt = receipt;
    }

    /**
     * Keeps a whole answer.
     *
     * @param status the HTTP status
     * @param fields the header fields to send again, without the receipt
     * @param body the whole body, may be empty; copied
     * @param receipt the {@code Payment-Receipt} field value, or null if the answer carried none
     * @return the outcome
     * @throws IllegalArgumentException if the status has not three digits
     */
    public static StoredOutcome whole(int status, List<Field> fields, byte[] body, @Nullable String receipt) {
        return new StoredOutcome(status, fields, body.clone(), receipt);
    }

    /**
     * Keeps what can be kept of an answer that was streamed or is too large.
     *
     * @param status the HTTP status
     * @param receipt the {@code Payment-Receipt} field value, or null if the answer carried none
     * @return the outcome
     * @throws IllegalArgumentException if the status has not three digits
     */
    public static StoredOutcome withoutBody(int status, @Nullable String receipt) {
        return new StoredOutcome(status, List.of(), null, receipt);
    }

    /**
     * Returns the status.
     *
     * @return the HTTP status of the answer
     */
    public int status() {
        return status;
    }

    /**
     * Returns the header fields.
     *
     * @return the fields in their order, without the receipt
     */
    public List<Field> fields() {
        return fields;
    }

    /**
     * Returns the body if it was kept.
     *
     * @return a read-only view of its own for every call, or empty if the answer cannot be replayed
     */
    public Optional<ByteBuffer> body() {
        return body == null
                ? Optional.empty()
                : Optional.of(ByteBuffer.wrap(body).asReadOnlyBuffer());
    }

    /** The body itself, for the store: not copied, not to be changed. */
    byte @Nullable [] keptBody() {
        return body;
    }

    /**
     * Returns the receipt.
     *
     * @return the {@code Payment-Receipt} field value, or empty if the answer carried none
     */
    public Optional<String> receipt() {
        return Optional.ofNullable(receipt);
    }

    /** Two outcomes are equal if they would be answered alike. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredOutcome that
                && status == that.status
                && fields.equals(that.fields)
                && body().equals(that.body())
                && Objects.equals(receipt, that.receipt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, fields, body(), receipt);
    }

    /** Says what there is, never what it says: paid content and receipts stay out of logs. */
    @Override
    public String toString() {
        return "StoredOutcome[status=" + status + ", fields=" + fields.size() + ", body="
                + (body == null ? "not kept" : body.length + " bytes") + ", receipt=" + (receipt != null) + "]";
    }
}
