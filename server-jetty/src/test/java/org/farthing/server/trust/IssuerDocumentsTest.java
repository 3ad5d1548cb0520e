package org.farthing.server.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How directories of issuers are fetched: by the rules for key documents, which KeyDocumentsTest shows one by one. */
class IssuerDocumentsTest {

    private final TestClock clock = new TestClock();
    private ScriptedPeer peer;
    private IssuerDocuments documents;

    @BeforeEach
    void open() throws Exception {
        peer = new ScriptedPeer();
        documents = IssuerDocuments.open(
                clock,
                true,
                new KeyRequests.Surroundings(
                        InetAddress::getAllByName,
                        PublicAddresses::contain,
                        new SslContextFactory.Client(),
                        Duration.ofSeconds(30)));
    }

    @AfterEach
    void close() throws Exception {
        documents.close();
        peer.close();
    }

    private Origin issuer() {
        return new Origin("http://127.0.0.1:" + peer.port());
    }

    private IssuerDirectory directory() {
        Instant begin = Instant.ofEpochSecond(1_795_305_600);
        PublishedKey key = new PublishedKey(
                TestTokenKeys.publicKey(0),
                Amount.of(5),
                new CurrencyId("usd.e4"),
                begin,
                begin.plusSeconds(100),
                begin.plusSeconds(200),
                begin.plusSeconds(300),
                begin.plusSeconds(400));
        return IssuerDirectory.of(
                issuer(), IssuerLinks.at(issuer()), List.of(key), List.of(new Bundle(Amount.of(5), Map.of(5L, 1))));
    }

    @Test
    @Requirement({"F-TK-103", "F-TK-108", "F-KY-50", "T58"})
    void fetch_asksForTheDirectory_andKeepsTheHashOfItsVeryBytes() {
        String text = " " + directory().format();
        peer.answers("200 OK", "ETag: \"x\"\r\n", text);
        IssuerDirectory fetched =
                documents.fetch(issuer()).toCompletableFuture().join().directory();
        assertThat(fetched.keys()).isEqualTo(directory().keys());
        assertThat(fetched.format()).isEqualTo(text);
        assertThat(fetched.hash()).isNotEqualTo(directory().hash());
        assertThat(peer.heads())
                .singleElement()
                .asString()
                .startsWith("GET /.well-known/private-token-issuer-directory HTTP/1.1\n")
                .contains("Accept: application/private-token-issuer-directory\n")
                .doesNotContainIgnoringCase("authorization:");
    }

    /** As long as an issuer may publish it: keys of a wide ladder and four epochs are more than a document of keys has. */
    @Test
    @Requirement({"F-TK-18", "F-TK-103"})
    void fetch_asLongAsADirectoryMayBe_isReadAndNoLonger() {
        String longest = directory().format();
        longest += " ".repeat(IssuerDirectory.MAX_BYTES - longest.length());
        peer.answers("200 OK", "X: y\r\n", longest);
        assertThat(documents
                        .fetch(issuer())
                        .toCompletableFuture()
                        .join()
                        .directory()
                        .keys())
                .hasSize(1);
        clock.advance(KeyDocuments.BETWEEN_FETCHES);
        peer.answers("200 OK", "X: y\r\n", longest + " ");
        assertThatThrownBy(() -> documents.fetch(issuer()).toCompletableFuture().join())
                .hasMessageContaining("longer than " + IssuerDirectory.MAX_BYTES + " bytes");
    }

    @Test
    @Requirement({"F-TK-156", "F-TK-157"})
    void fetch_goesPastCaches_andTellsWhatTheySayOfItsAge() {
        peer.answers(
                "200 OK",
                "Age: 40\r\nCache-Control: public, s-maxage=60, max-age=100\r\n",
                directory().format());
        Freshness freshness =
                documents.fetch(issuer()).toCompletableFuture().join().freshness();
        assertThat(freshness).isEqualTo(new Freshness(Duration.ofSeconds(40), Optional.of(Duration.ofSeconds(60))));
        assertThat(peer.heads()).singleElement().asString().contains("Cache-Control: no-cache\n");
        assertThat(Freshness.of(null, null)).isEqualTo(Freshness.UNKNOWN);
        assertThat(Freshness.of("-1", "no-store")).isEqualTo(Freshness.UNKNOWN);
        assertThat(Freshness.of("7", "s-maxage=60")).isEqualTo(new Freshness(Duration.ofSeconds(7), Optional.empty()));
        assertThat(Freshness.of("700", "max-age=60").left()).contains(Duration.ZERO);
    }

    @Test
    @Requirement({"F-TK-103", "F-KY-52"})
    void fetch_isMadeOnceAMinute_failuresIncluded() {
        peer.answers("404 Not Found", "X: y\r\n", "");
        assertThatThrownBy(() -> documents.fetch(issuer()).toCompletableFuture().join())
                .hasCauseInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining("status 404");
        peer.answers("200 OK", "X: y\r\n", directory().format());
        assertThatThrownBy(() -> documents.fetch(issuer()).toCompletableFuture().join())
                .hasMessageContaining("status 404");
        clock.advance(KeyDocuments.BETWEEN_FETCHES);
        assertThat(documents.fetch(issuer()).toCompletableFuture().join().directory())
                .isEqualTo(directory());
        assertThat(peer.heads()).hasSize(2);
    }

    @Test
    @Requirement({"F-TK-104", "T21"})
    void directory_whoseLinksLeadElsewhere_isNotRead() {
        String own = issuer() + "/token-redemptions";
        peer.answers(
                "200 OK", "X: y\r\n", directory().format().replace(own, "https://thief.example/token-redemptions"));
        assertThatThrownBy(() -> documents.fetch(issuer()).toCompletableFuture().join())
                .hasCauseInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining("redemption-uri");
    }
}
