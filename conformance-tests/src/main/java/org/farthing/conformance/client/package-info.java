/**
 * The suite for paying clients: a scripted server on loopback offers, lies, redirects and breaks off, the implementer's command
 * is run with the URL of each scenario, and what arrived is judged.
 *
 * <p>{@link org.farthing.conformance.client.ClientLab} is the subject: it has the payees ({@code Payee}: an origin with its keys),
 * runs one visit at a time through the {@code Runner} seam, and hands the {@code Visit} to the case. What a payee answers is a
 * {@code Script}; what it asks for is an {@code Offer}. Cases are the classes whose names end in {@code Cases}.
 */
@NullMarked
package org.farthing.conformance.client;

import org.jspecify.annotations.NullMarked;
