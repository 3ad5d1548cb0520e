package org.farthing.server.offer;

import org.jspecify.annotations.Nullable;

/** The request field a challenge asks for the credential in (S53, F-CR-2). */
public enum CredentialField {
    /** {@code Authorization}: the default. */
    AUTHORIZATION("Authorization", null),
    /** {@code Payment-Authorization}: for applications that need {@code Authorization} for who the caller is. */
    PAYMENT_AUTHORIZATION("Payment-Authorization", "Payment-Authorization");

    private final String fieldName;
    private final @Nullable String parameter;

    CredentialField(String fieldName, @Nullable String parameter) {
        this.fieldName = fieldName;
        this.parameter = parameter;
    }

    /**
     * Returns the name of the field.
     *
     * @return the header field name
     */
    public String fieldName() {
        return fieldName;
    }

    /**
     * Returns the challenge's {@code header} parameter for this field.
     *
     * @return the value, or null if the parameter is left out
     */
    public @Nullable String parameter() {
        return parameter;
    }
}
