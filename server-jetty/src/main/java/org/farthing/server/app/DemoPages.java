package org.farthing.server.app;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Makes readable pages of the specification's Markdown. Links between chapters lead to pages; what is not sold is no link. */
final class DemoPages {

    private static final String MARKDOWN = ".md";
    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
            h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; }
            code, pre { font: 0.9em/1.45 ui-monospace, monospace; }
            pre { padding: .8rem 1rem; overflow-x: auto; border: 1px solid #8884; border-radius: 6px; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; margin: 1rem 0; }
            th, td { border-bottom: 1px solid #8884; padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; }
            td.price, th.price { white-space: nowrap; font-variant-numeric: tabular-nums; text-align: right; padding-left: 1rem; }
            li { margin: .35rem 0; }
            nav, footer { color: #777; font-size: .9rem; }
            </style>
            </head>
            <body>
            """;
    private static final String FOOT = "</body>\n</html>\n";

    private final List<Extension> tables = List.of(TablesExtension.create());
    private final Parser parser = Parser.builder().extensions(tables).build();
    private final HtmlRenderer html = HtmlRenderer.builder()
            .extensions(tables)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .build();
    private final Set<String> chapters;

    DemoPages(Collection<String> chapters) {
        this.chapters = Set.copyOf(chapters);
    }

    /** The text as HTML, without a page around it. A link to a chapter leads to its name between before and after. */
    String body(String markdown, String before, String after) {
        Node document = parser.parse(markdown);
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                visitChildren(link);
                retarget(link, before, after);
            }
        });
        return html.render(document)
                .replace("<table>", "<div class=\"wide\"><table>")
                .replace("</table>", "</table></div>");
    }

    private void retarget(Link link, String before, String after) {
        String destination = link.getDestination();
        String name = destination.endsWith(MARKDOWN)
                ? destination.substring(0, destination.length() - MARKDOWN.length())
                : destination;
        if (chapters.contains(name)) {
            link.setDestination(before + name + after);
        } else if (!destination.startsWith("https://")) {
            while (link.getFirstChild() != null) {
                link.insertBefore(link.getFirstChild());
            }
            link.unlink();
        }
    }

    /** A whole page. */
    String page(String title, String body) {
        return HEAD.formatted(escape(title)) + "<nav><a href=\"/\">all documents and prices</a></nav>\n" + body + FOOT;
    }

    /** The front page: what there is and what it costs. */
    String index(List<DemoDocument> documents) {
        StringBuilder body = new StringBuilder(HEAD.formatted("Documents for a fraction of a cent"));
        body.append("""
                <h1>Documents for a fraction of a cent</h1>
                <p>This server sells the specification of the protocol it speaks. This page is free. Every other one answers
                <strong>402 Payment Required</strong>, says what it costs and who gets it, and signs that. A program with a
                wallet here pays it in the same request and gets the document with a signed receipt.</p>
                <div class="wide"><table>
                <tr><th>document</th><th>what it settles</th><th class="price">page</th><th class="price">Markdown</th></tr>
                """);
        for (DemoDocument document : documents) {
            body.append("<tr><td>").append(escape(document.title())).append("</td><td>");
            body.append(escape(document.summary())).append("</td>");
            body.append(cell(document.pagePath(), document.pagePrice()));
            body.append(cell(document.textPath(), document.textPrice())).append("</tr>\n");
        }
        body.append("""
                </table></div>
                <p>See a price: <code>curl -i</code> and an address from the table. Buy: <code>farthing get --max 0.02usd</code>
                and the address. Who signs here: <a href="/.well-known/payment-keys">the keys of this server</a>.</p>
                """);
        return body.append(FOOT).toString();
    }

    private static String cell(String path, String price) {
        return "<td class=\"price\"><a href=\"" + path + "\">" + Shown.money(price) + "</a></td>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("`", "");
    }
}
