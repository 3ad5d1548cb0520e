package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.internal.StrictJson.Limits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoShelfTest {

    private static final Path SPEC = Path.of("..", "protocol-spec", "spec");

    private DemoShelf shelf;
    private List<DemoDocument> documents;

    @BeforeEach
    void load() throws Exception {
        shelf = DemoShelf.load();
        documents = shelf.documents();
    }

    @Test
    void documents_areEveryChapterOfTheSpecificationAndTheWhole() throws Exception {
        Set<String> chapters;
        try (Stream<Path> files = Files.list(SPEC)) {
            chapters = files.map(file -> file.getFileName().toString().replace(".md", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        chapters.add(DemoShelf.WHOLE);
        assertThat(documents.stream().map(DemoDocument::name)).containsExactlyInAnyOrderElementsOf(chapters);
    }

    @Test
    void text_isTheChapterItself() throws Exception {
        for (DemoDocument document : documents) {
            if (!document.name().equals(DemoShelf.WHOLE)) {
                assertThat(document.markdown()).isEqualTo(Files.readString(SPEC.resolve(document.name() + ".md")));
                assertThat(document.title()).doesNotStartWith("#").isNotBlank();
                assertThat(document.summary()).isNotBlank();
            }
        }
    }

    @Test
    void prices_areBetweenTheCheapestAndTheWhole() {
        assertThat(documents.stream()
                        .flatMap(document -> Stream.of(document.textPrice(), document.pagePrice()))
                        .map(price -> Shown.money(price).value()))
                .allMatch(price -> price.compareTo(new BigDecimal("0.0005")) >= 0)
                .allMatch(price -> price.compareTo(new BigDecimal("0.02")) <= 0)
                .contains(new BigDecimal("0.0005"), new BigDecimal("0.02"));
    }

    @Test
    void pages_linkOnlyToWhatIsThere() {
        Set<String> pages =
                documents.stream().map(document -> document.name() + ".html").collect(Collectors.toSet());
        Pattern href = Pattern.compile("href=\"([^\"]+)\"");
        for (DemoDocument document : documents) {
            Matcher link = href.matcher(document.page());
            while (link.find()) {
                String target = link.group(1);
                boolean known = target.equals("/")
                        || pages.contains(target)
                        || (target.startsWith("#") && document.page().contains("id=\"" + target.substring(1) + "\""));
                assertThat(known).as(document.name() + " links to " + target).isTrue();
            }
        }
    }

    @Test
    void pages_areRenderedWhole() {
        assertThat(documents).anyMatch(document -> document.page().contains("<table>"));
        for (DemoDocument document : documents) {
            assertThat(document.page())
                    .startsWith("<!doctype html>")
                    .contains("<h1>")
                    .endsWith("</html>\n")
                    .doesNotContain("<script", "|---|", ".md\"");
        }
    }

    @Test
    void index_namesEveryDocumentWithItsPrices() {
        for (DemoDocument document : documents) {
            assertThat(shelf.index())
                    .contains("<a href=\"" + document.pagePath() + "\">" + Shown.money(document.pagePrice()) + "</a>")
                    .contains("<a href=\"" + document.textPath() + "\">" + Shown.money(document.textPrice()) + "</a>");
        }
    }

    @Test
    void files_areWhatIsSold(@TempDir Path folder) throws Exception {
        shelf.writeTo(folder);
        assertThat(folder.resolve("index.html")).hasContent(shelf.index());
        for (DemoDocument document : documents) {
            assertThat(Files.readString(folder.resolve(document.pagePath().substring(1))))
                    .isEqualTo(shelf.content(document.pagePath()).orElseThrow());
            assertThat(Files.readString(folder.resolve(document.textPath().substring(1))))
                    .isEqualTo(document.markdown());
        }
        assertThat(shelf.content("/spec/nothing.md")).isEmpty();
    }

    @Test
    void catalogue_namesEveryDocumentWithItsPrice() throws Exception {
        String openApi = DemoCatalogue.openApi(documents);
        String text = DemoCatalogue.text(documents);
        Map<String, ?> paths = paths(openApi);
        assertThat(paths).hasSize(2 * documents.size());
        for (DemoDocument document : documents) {
            BigDecimal price = Shown.money(document.pagePrice()).value();
            assertThat(String.valueOf(paths.get(document.pagePath())))
                    .contains("x-payment-info")
                    .contains("amount=" + price.movePointRight(6).toBigIntegerExact() + ",");
            assertThat(text).contains("](" + document.textPath() + "): ");
        }
    }

    private static Map<String, ?> paths(String openApi) throws Exception {
        Object paths = StrictJson.parseObject(openApi, "openapi", new Limits(256 * 1024, 8, 256, 64))
                .get("paths");
        if (!(paths instanceof Map<?, ?> found)) {
            throw new AssertionError("no paths in " + openApi);
        }
        return found.entrySet().stream()
                .collect(Collectors.toMap(entry -> String.valueOf(entry.getKey()), entry -> entry.getValue()));
    }
}
