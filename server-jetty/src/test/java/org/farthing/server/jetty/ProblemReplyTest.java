package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"S31", "F-PR-1", "F-PR-4", "F-PR-8"})
class ProblemReplyTest {

    private Answers server;

    @BeforeEach
    void start() throws Exception {
        server = new Answers(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
                ProblemReply.write(
                        request, response, callback, Problem.of(ProblemType.UNAUTHENTICATED, "Who are you?"));
                return true;
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void write_aProblem_hasTheMembersAndFieldsOfEveryProblem() throws Exception {
        HttpTester.Response answer = server.to("GET / HTTP/1.1\nHost: a\nX-Request-Id: r-7");

        assertThat(answer.getStatus()).isEqualTo(401);
        assertThat(answer.get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.get("X-Request-Id")).isEqualTo("r-7");
        assertThat(answer.get("Content-Language")).isEqualTo("en");
        assertThat(answer.get("WWW-Authenticate")).isEqualTo("Bearer");
        Problem problem = Problem.parse(answer.getContent());
        assertThat(problem.type()).isEqualTo(ProblemType.UNAUTHENTICATED);
        assertThat(problem.status()).isEqualTo(401);
        assertThat(problem.detail()).isEqualTo("Who are you?");
        assertThat(problem.requestId()).isEqualTo("r-7");
        assertThat(problem.instance()).isEqualTo("urn:farthing:request:r-7");
    }

    @Test
    void write_toHead_hasNoBody() throws Exception {
        HttpTester.Response answer = server.to("HEAD / HTTP/1.1\nHost: a");

        assertThat(answer.getStatus()).isEqualTo(401);
        assertThat(answer.getContent()).isNullOrEmpty();
        assertThat(answer.getLongField("Content-Length")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "text/html",
                "application/problem+json",
                "application/json, application/problem+json",
                "application/json;q=0.5, */*",
                "application/json;q=x",
                "text/html, application/json;q=0.9, */*;q=0.9",
                ",;,q=,"
            })
    void write_problemJsonNotWorse_isProblemJson(String accept) throws Exception {
        assertThat(server.to("GET / HTTP/1.1\nHost: a\nAccept: " + accept).get("Content-Type"))
                .isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json, application/problem+json;q=0.9",
                "application/json, */*;q=0.1",
                "text/html, application/json;q=0.001"
            })
    void write_plainJsonStrictlyPreferred_isThePlainForm(String accept) throws Exception {
        HttpTester.Response answer = server.to("GET / HTTP/1.1\nHost: a\nAccept: " + accept);

        assertThat(answer.get("Content-Type")).isEqualTo("application/json");
        assertThat(answer.getContent())
                .isEqualTo("{\"code\":\"UNAUTHENTICATED\",\"message\":\"Who are you?\",\"details\":{}}");
    }
}
