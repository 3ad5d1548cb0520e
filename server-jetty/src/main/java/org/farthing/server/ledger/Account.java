package org.farthing.server.ledger;

/**
 * The money of one wallet in one currency.
 *
 * @param currency the currency id
 * @param available what it can spend, in base units
 * @param held what is set aside for charges under way
 */
public record Account(String currency, long available, long held) {}
