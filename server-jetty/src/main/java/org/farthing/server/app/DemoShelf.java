package org.farthing.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the demo sells: the chapters of this project's specification in the order of its table of contents, and all of them as
 * one. A chapter costs by its length, the page more than the text.
 */
final class DemoShelf {

    /** All chapters as one document. */
    static final String WHOLE = "whole";

    private static final String OVERVIEW = "README";
    private static final Pattern CONTENTS_ROW =
            Pattern.compile("(?m)^\\| [^|]+ \\| \\[[^\\]]+\\]\\(([a-z-]+)\\.md\\) \\| (.+) \\|$");
    private static final int SHORT = 6000;
    private static final int MEDIUM = 16_000;

    private final List<DemoDocument> documents;
    private final String index;

    private DemoShelf(List<DemoDocument> documents, String index) {
        this.documents = List.copyOf(documents);
        this.index = index;
    }

    /** Reads the chapters from the jar and makes pages of them. */
    static DemoShelf load() throws IOException {
        Map<String, String> summaries = new LinkedHashMap<>();
        summaries.put(OVERVIEW, "what the protocol is, and how to read the rest");
        Matcher row = CONTENTS_ROW.matcher(text(OVERVIEW));
        while (row.find()) {
            summaries.put(row.group(1), row.group(2));
        }
        DemoPages pages = new DemoPages(summaries.keySet());
        List<DemoDocument> documents = new ArrayList<>();
        StringBuilder texts = new StringBuilder();
        StringBuilder sections = new StringBuilder();
        for (Map.Entry<String, String> chapter : summaries.entrySet()) {
            String name = chapter.getKey();
            String markdown = text(name);
            documents.add(chapter(name, chapter.getValue(), markdown, pages));
            texts.append(markdown).append('\n');
            sections.append("<section id=\"").append(name).append("\">");
            sections.append(pages.body(markdown, "#", "")).append("</section>\n");
        }
        String title = "The whole specification";
        String page = pages.page(title, sections.toString());
        String summary = "all " + summaries.size() + " chapters as one document";
        documents.add(new DemoDocument(WHOLE, title, summary, texts.toString(), page, "0.01usd", "0.02usd"));
        return new DemoShelf(documents, pages.index(documents));
    }

    private static DemoDocument chapter(String name, String summary, String markdown, DemoPages pages) {
        String title = markdown.lines().findFirst().orElse(name).replaceFirst("^# ", "");
        String page = pages.page(title, pages.body(markdown, "", ".html"));
        int length = markdown.length();
        String forText = length < SHORT ? "0.0005usd" : length < MEDIUM ? "0.001usd" : "0.002usd";
        String forPage = length < SHORT ? "0.001usd" : length < MEDIUM ? "0.002usd" : "0.005usd";
        return new DemoDocument(name, title, summary, markdown, page, forText, forPage);
    }

    private static String text(String chapter) throws IOException {
        String resource = "spec/" + chapter + ".md";
        try (InputStream in = DemoShelf.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("The jar was built without " + resource + ".");
            }
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    List<DemoDocument> documents() {
        return documents;
    }

    /** The front page, which is free. */
    String index() {
        return index;
    }

    /** What is at a path. */
    Optional<String> content(String path) {
        for (DemoDocument document : documents) {
            if (path.equals(document.textPath())) {
                return Optional.of(document.markdown());
            }
            if (path.equals(document.pagePath())) {
                return Optional.of(document.page());
            }
        }
        return Optional.empty();
    }

    /** Writes everything as files for a shop to sell. */
    void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("spec"));
        Files.writeString(folder.resolve(Folder.WELCOME), index);
        Files.writeString(folder.resolve(DemoCatalogue.OPENAPI), DemoCatalogue.openApi(documents));
        Files.writeString(folder.resolve(DemoCatalogue.TEXT), DemoCatalogue.text(documents));
        for (DemoDocument document : documents) {
            Files.writeString(folder.resolve(document.textPath().substring(1)), document.markdown());
            Files.writeString(folder.resolve(document.pagePath().substring(1)), document.page());
        }
    }

    /** Sets the prices of everything. */
    ShopConfig.Builder price(ShopConfig.Builder config) {
        for (DemoDocument document : documents) {
            config.price(document.textPath(), document.textPrice());
            config.price(document.pagePath(), document.pagePrice());
        }
        return config.free(Folder.WELCOME).free(DemoCatalogue.OPENAPI).free(DemoCatalogue.TEXT);
    }
}
