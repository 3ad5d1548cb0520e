package org.farthing.server.method;

import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Problem.Resolution;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.Source;
import org.jspecify.annotations.Nullable;

/** What a method found out about a credential. */
public sealed interface Authorization {

    /**
     * The proof authorises this movement.
     *
     * @param claim who pays, and what is used up by it
     * @param movement what to move
     */
    record Payable(Claim claim, Movement movement) implements Authorization {}

    /**
     * The proof authorises nothing.
     *
     * @param why the problem to answer with; all failures of one class share one type and one text
     * @param detail a sentence for the client that does not say which byte or which check it was (F-PR-7)
     * @param members what else the problem says, such as which of several tokens it is about
     * @param wayOut where the payer can help itself, or null
     */
    record Refused(
            ProblemType why,
            String detail,
            Map<String, String> members,
            @Nullable Resolution wayOut) implements Authorization {

        /**
         * Copies the members.
         *
         * @param why as the record says
         * @param detail as the record says
         * @param members as the record says
         * @param wayOut as the record says
         */
        public Refused {
            members = Map.copyOf(members);
        }

        /**
         * Refuses and says no more.
         *
         * @param why as the record says
         * @param detail as the record says
         */
        public Refused(ProblemType why, String detail) {
            this(why, detail, Map.of(), null);
        }
    }

    /**
     * Who pays, and by which right.
     *
     * @param paymentId the payment's own identity, single use beside the challenge id; a method whose payments have none
     *     repeats the challenge id
     * @param payer the wallet
     * @param keyThumbprint the key that signed; kept as evidence
     * @param payerVersion the version of the wallet record the proof was verified against; the ledger compares it again
     * @param source where the money comes from if not from a wallet of this ledger, or null. The payer is then a pseudonym of
     *     one payment
     */
    record Claim(
            String paymentId,
            String payer,
            String keyThumbprint,
            long payerVersion,
            @Nullable Source source) {

        /**
         * A claim on money in this ledger.
         *
         * @param paymentId as the record says
         * @param payer as the record says
         * @param keyThumbprint as the record says
         * @param payerVersion as the record says
         */
        public Claim(String paymentId, String payer, String keyThumbprint, long payerVersion) {
            this(paymentId, payer, keyThumbprint, payerVersion, null);
        }
    }

    /**
     * What may move.
     *
     * @param amount the most, in base units
     * @param currency the currency id
     * @param payee who earns: an origin
     */
    record Movement(Amount amount, CurrencyId currency, String payee) {}
}
