package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.FieldLine;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are a POSIX shell's")
class CommandPayerTest {

    private static Proof pay(String script, Offer offer) {
        return new CommandPayer(List.of("sh", "-c", script), null, null, Duration.ofSeconds(60)).pay(offer);
    }

    private static Offer offer(String description) {
        String challenge = "Payment id=\"1\", method=\"lab\", description=\"" + description + "\"";
        FieldLine line = new FieldLine("WWW-Authenticate", challenge);
        return Offer.in(new RawAnswer(402, "HTTP/1.1 402", List.of(line), new byte[0], true))
                .get(0);
    }

    @Test
    @Requirement("F-CO-5")
    void pay_program_getsTheChallengeAndGivesThePayload() {
        Proof proof = pay("grep -q '\"id\":\"1\"' && echo '{\"payload\":{\"proof\":\"p\"}}'", offer("one page"));

        assertThat(proof.payload()).isEqualTo(Map.of("proof", "p"));
    }

    @Test
    @Requirement("F-CO-5")
    void pay_programThatReadsNothing_pays() {
        // More than a pipe takes, so that it breaks each time and not only when the program is the faster one.
        Proof proof = pay("exec <&-; echo '{\"payload\":{\"proof\":\"p\"}}'", offer("x".repeat(200_000)));

        assertThat(proof.payload()).isEqualTo(Map.of("proof", "p"));
    }
}
