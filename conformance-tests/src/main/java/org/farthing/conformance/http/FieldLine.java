package org.farthing.conformance.http;

/**
 * One field line of a message, as it stands on the wire.
 *
 * @param name the name, as sent
 * @param value the value, without the space around it
 * @param open whether the report may show the value although the field is one for secrets, because the kit made it up
 */
public record FieldLine(String name, String value, boolean open) {

    /** A line whose value is taken out of the report if its field is one for secrets. */
    public FieldLine(String name, String value) {
        this(name, value, false);
    }

    /** Whether it is a line of this field. */
    public boolean is(String field) {
        return name.equalsIgnoreCase(field);
    }

    /** As it stands in a head. */
    public String text() {
        return name + ": " + value;
    }
}
