package org.farthing.server.ledger;

/**
 * What one payee earned in one currency by one method.
 *
 * @param payee the payee's origin
 * @param currency the currency id
 * @param method the payment method
 * @param captured what was captured, in base units
 * @param refunded what of it, or of earlier captures, went back; what wallet services failed to pay and was written off
 *     counts too
 * @param captures how many charges were captured
 */
public record Income(String payee, String currency, String method, long captured, long refunded, long captures) {}
