package org.farthing.testing;

/** Texts that are surely not the ones they were made from, however those came to be. */
public final class Altered {

    private Altered() {}

    /**
     * The text with another first character. A character that always stands for another would be no change in each
     * random text that happens to begin with it.
     *
     * @param text letters, digits, or base64url; not empty
     * @return a text of the same length and alphabet
     */
    public static String first(String text) {
        return (text.charAt(0) == 'x' ? 'y' : 'x') + text.substring(1);
    }
}
