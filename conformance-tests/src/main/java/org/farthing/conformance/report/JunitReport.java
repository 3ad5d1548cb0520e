package org.farthing.conformance.report;

import java.io.StringWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Verdict;

/**
 * The report for build servers, in the form that JUnit's Ant task made common. A MAY that is not met is no failure: it stands in the
 * case's output, as does the evidence of the others.
 */
final class JunitReport {

    private final XMLStreamWriter xml;

    private JunitReport(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static String of(Conclusion run) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            new JunitReport(xml).suite(run);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("memory can always be written", e);
        }
        return text + "\n";
    }

    private void suite(Conclusion run) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "farthing-conformance " + run.suite() + " " + run.subject());
        xml.writeAttribute("tests", String.valueOf(run.results().size()));
        xml.writeAttribute("failures", count(run, Verdict.Failed.class));
        xml.writeAttribute("errors", count(run, Verdict.Broken.class));
        xml.writeAttribute("skipped", String.valueOf(Counts.of(run).of(Standing.SKIPPED)));
        xml.writeAttribute("time", seconds(Counts.of(run).took()));
        xml.writeAttribute(
                "timestamp",
                DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                        run.started().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)));
        xml.writeCharacters("\n");
        xml.writeStartElement("properties");
        property("profile", run.profile().word());
        for (var fact : run.facts().entrySet()) {
            property(fact.getKey(), fact.getValue());
        }
        xml.writeEndElement();
        for (CaseResult result : run.results()) {
            xml.writeCharacters("\n");
            of(run.suite(), result);
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
    }

    private static String count(Conclusion run, Class<? extends Verdict> verdict) {
        return String.valueOf(run.results().stream()
                .filter(result -> Standing.of(result) != Standing.MAY_FAILED && verdict.isInstance(result.verdict()))
                .count());
    }

    private void property(String name, String value) throws XMLStreamException {
        xml.writeEmptyElement("property");
        xml.writeAttribute("name", name);
        xml.writeAttribute("value", value);
    }

    private void of(String suite, CaseResult result) throws XMLStreamException {
        CaseInfo info = result.info();
        Standing standing = Standing.of(result);
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "farthing." + suite + "." + info.group().replaceAll("[^A-Za-z0-9]+", "_"));
        xml.writeAttribute("name", info.id() + ": " + info.title());
        xml.writeAttribute("time", seconds(result.took()));
        if (result.verdict() instanceof Verdict.Skipped skipped) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", skipped.why());
        } else if (standing == Standing.MAY_FAILED) {
            output(standing.words() + "\n" + detail(result));
        } else if (standing.isFailure()) {
            xml.writeStartElement(result.verdict() instanceof Verdict.Broken ? "error" : "failure");
            xml.writeAttribute("type", info.severity().name());
            xml.writeAttribute(
                    "message", seen(result.verdict()).lines().findFirst().orElse(""));
            xml.writeCharacters(detail(result));
            xml.writeEndElement();
            output(evidence(result));
        }
        xml.writeEndElement();
    }

    private void output(String text) throws XMLStreamException {
        xml.writeStartElement("system-out");
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private static String seen(Verdict verdict) {
        if (verdict instanceof Verdict.Failed failed) {
            return failed.seen();
        }
        return verdict instanceof Verdict.Broken broken ? broken.what() : "";
    }

    private static String detail(CaseResult result) {
        CaseInfo info = result.info();
        String expected =
                result.verdict() instanceof Verdict.Failed failed ? "expected: " + failed.expected() + "\n" : "";
        return expected + "seen: " + seen(result.verdict()) + "\ndo: " + info.fix() + "\nsee: "
                + String.join(", ", info.rows()) + "; " + info.section() + "\n";
    }

    private static String evidence(CaseResult result) {
        StringBuilder text = new StringBuilder();
        for (Exchange exchange : result.exchanges()) {
            text.append("-- ").append(exchange.what()).append("\n").append(exchange.request());
            text.append("\n--\n").append(exchange.response()).append('\n');
            exchange.reproduce()
                    .ifPresent(curl -> text.append("$ ").append(curl).append('\n'));
        }
        return text.toString();
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.3f", took.toNanos() / 1e9);
    }
}
