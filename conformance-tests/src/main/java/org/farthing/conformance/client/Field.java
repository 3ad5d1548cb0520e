package org.farthing.conformance.client;

/**
 * One field line as it stood on the wire.
 *
 * @param name the name, with its case
 * @param value the value, without white space around it
 */
record Field(String name, String value) {

    boolean isNamed(String other) {
        return name.equalsIgnoreCase(other);
    }
}
