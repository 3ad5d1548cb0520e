package org.farthing.conformance.vectors;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the input of one case through the implementation. One check for every kind of vector file, stateless.
 *
 * <p>Refusals are thrown as the implementation throws them; the runner gives them their stable names: the fault of a
 * {@link MalformedException}, the reason of a {@link SignatureRejectedException}, {@code REFUSED} for an
 * {@link IllegalArgumentException} (a value of our own making that could never be legal) and {@code NOT_EXACT} for an
 * {@link ArithmeticException} (an amount that cannot be held or scaled exactly).
 */
@FunctionalInterface
interface Check {

    /**
     * Runs one input.
     *
     * @return the value as JSON: maps, lists, strings, numbers, booleans or null
     * @throws BrokenVectorException if the input is not what this kind asks for
     */
    @Nullable
    Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException;
}
