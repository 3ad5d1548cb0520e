package org.farthing.server.app;

/**
 * One document of the demo, in two forms with a price each.
 *
 * @param name its name in paths, such as {@code money}
 * @param title its heading
 * @param summary what it settles, in a line
 * @param markdown the text itself
 * @param page the text as a page
 * @param textPrice what the text costs, such as {@code 0.001usd}
 * @param pagePrice what the page costs
 */
record DemoDocument(
        String name, String title, String summary, String markdown, String page, String textPrice, String pagePrice) {

    /** Where the text is. */
    String textPath() {
        return "/spec/" + name + ".md";
    }

    /** Where the page is. */
    String pagePath() {
        return "/spec/" + name + ".html";
    }
}
