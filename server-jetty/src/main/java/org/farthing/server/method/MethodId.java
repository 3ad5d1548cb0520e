package org.farthing.server.method;

/**
 * The name of a payment method in challenges (S15, F-CH-2).
 *
 * @param text one or more letters {@code a} to {@code z}
 */
public record MethodId(String text) {

    /**
     * Checks the name.
     *
     * @param text as the record says
     * @throws IllegalArgumentException if it is not one or more of {@code a} to {@code z}
     */
    public MethodId {
        if (text.isEmpty() || text.length() > 32 || !text.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            throw new IllegalArgumentException("a payment method is named by 1 to 32 letters a to z");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
