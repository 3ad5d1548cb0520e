package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.vectors.Schemas;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the config says is what is checked; what it says in vain is an error. */
@Requirement({"F-CO-2", "F-CO-3"})
class SiteConfigTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("site.json"), json);
    }

    private SiteConfig read(String json) throws IOException {
        assertThat(Schemas.complaints("server-site", JSON.readTree(json))).isEmpty();
        return SiteConfig.read(file(json), null);
    }

    /** The example in the specification, so that whoever copies it has a config that works. */
    private static String example() throws IOException {
        String chapter = Files.readString(Path.of("../protocol-spec/spec/conformance.md"));
        int from = chapter.indexOf("```json\n{\"url\"") + "```json\n".length();
        return chapter.substring(from, chapter.indexOf("```", from));
    }

    @Test
    void read_exampleOfTheSpecification_saysPagesAndPayment() throws IOException {
        SiteConfig config = read(example());

        assertThat(config.pages()).containsOnlyKeys(PageName.PAID, PageName.FREE, PageName.DEAR, PageName.PAID_POST);
        assertThat(config.pages().get(PageName.DEAR))
                .isEqualTo(Page.get(PageName.DEAR, URI.create("https://shop.example/archive")));
        Page post = Objects.requireNonNull(config.pages().get(PageName.PAID_POST));
        assertThat(post.method()).isEqualTo("POST");
        assertThat(post.request().has("content-type")).isTrue();
        assertThat(post.body()).isEqualTo("{\"item\":\"book\"}");
        assertThat(Objects.requireNonNull(config.payment()).wallet()).isEqualTo(folder.resolve("alice.jwk"));
    }

    @Test
    void read_urlOfTheCommandLine_goesFirst() throws IOException {
        SiteConfig config = SiteConfig.read(
                file("{\"url\":\"https://shop.example\",\"pages\":{\"free\":\"about\"}}"),
                URI.create("http://127.0.0.1:8080"));

        assertThat(config.pages().get(PageName.FREE)).extracting(Page::uri).hasToString("http://127.0.0.1:8080/about");
        assertThat(config.pages().get(PageName.PAID)).extracting(Page::target).isEqualTo("/");
    }

    @Test
    void read_postPageAsUrlAlone_getsABody() throws IOException {
        Page post = Objects.requireNonNull(read("{\"url\":\"https://a.example\",\"pages\":{\"paidPost\":\"/p\"}}")
                .pages()
                .get(PageName.PAID_POST));

        assertThat(post.method()).isEqualTo("POST");
        assertThat(post.body()).isNotEmpty();
    }

    @Test
    @Requirement({"F-CO-5"})
    void read_command_paysItsMethodOnly() throws IOException {
        SiteConfig config = read(
                "{\"url\":\"https://a.example\",\"payment\":{\"command\":[\"pay\",\"--test\"],\"method\":\"tempo\"}}");
        Payer payer = Payers.of(config.payment());

        assertThat(payer.pays(offer("tempo"))).isTrue();
        assertThat(payer.pays(offer("wallet"))).isFalse();
    }

    private static Offer offer(String method) {
        Map<String, String> params = Map.of("id", "1", "method", method, "intent", "charge");
        return new Offer(params, List.copyOf(params.keySet()), "Payment …");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"url\":\"https://a.example\",\"page\":{}}",
                "{\"url\":\"https://a.example\",\"pages\":{\"payd\":\"/\"}}",
                "{\"url\":\"https://a.example\",\"pages\":{\"paid\":{\"path\":\"/\"}}}",
                "{\"url\":\"https://a.example\",\"pages\":{\"paid\":{\"method\":\"GET\"}}}",
                "{\"url\":\"https://a.example\",\"pages\":{\"paid\":7}}",
                "{\"url\":\"https://a.example\",\"payment\":{}}",
                "{\"url\":\"https://a.example\",\"payment\":{\"wallet\":\"a\",\"command\":[\"b\"]}}",
                "{\"url\":\"https://a.example\",\"timeoutSeconds\":0}",
                "[]"
            })
    void read_whatNobodyReads_isRefusedHereAndByTheSchema(String json) throws IOException {
        JsonNode tree = JSON.readTree(json);

        assertThat(Schemas.complaints("server-site", tree)).isNotEmpty();
        assertThatThrownBy(() -> SiteConfig.read(file(json), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("site.json");
    }

    @Test
    void read_noUrlAnywhere_saysSo() throws IOException {
        Path config = file("{\"pages\":{\"free\":\"/about\"}}");

        assertThatThrownBy(() -> SiteConfig.read(config, null)).hasMessageContaining("\"url\" is missing");
    }

    @Test
    @Requirement("F-CO-57")
    void read_walletServiceThatIsNoOrigin_saysSo() throws IOException {
        Path config = file("{\"url\":\"https://shop.example\",\"walletService\":\"https://wallet.example/v1\"}");

        assertThatThrownBy(() -> SiteConfig.read(config, null))
                .hasMessageContaining("\"walletService\" is an origin such as https://wallet.example");
    }

    @Test
    void schemaAndPageTable_nameEveryPage() throws IOException {
        JsonNode schema = JSON.readTree(Files.readString(Path.of("../protocol-spec/schemas/server-site.json")));
        String chapter = Files.readString(Path.of("../protocol-spec/spec/conformance.md"));
        List<String> words = Stream.of(PageName.values()).map(PageName::word).toList();

        assertThat(schema.at("/properties/pages/properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(words);
        assertThat(words).allSatisfy(word -> assertThat(chapter).contains("`" + word + "`"));
    }

    @Test
    void need_pageNobodyNamed_saysWhatToPutIntoTheConfig() throws IOException {
        SiteConfig config = SiteConfig.of(URI.create("http://127.0.0.1:1/paid"));
        Site site = new Site(
                config.pages(),
                new org.farthing.conformance.http.Wire(
                        config.url(), config.patience(), org.farthing.conformance.http.Trust.of(null)),
                Payer.NONE,
                Waiting.system());

        assertThatThrownBy(() -> site.need(PageName.DEAR))
                .isInstanceOf(NotApplicable.class)
                .hasMessageContaining("\"dear\"")
                .hasMessageContaining("a page like \"paid\" with a higher price");
    }
}
