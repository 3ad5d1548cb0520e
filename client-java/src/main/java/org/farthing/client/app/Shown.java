package org.farthing.client.app;

import java.time.Duration;
import org.farthing.client.budget.Proposal;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/** How prices, offers and times are put for people. Text of servers goes through {@link Printable}. */
final class Shown {

    private Shown() {}

    /** As people write it, and as the wire counts it. */
    static String price(Amount amount, CurrencyId currency) {
        return Money.of(amount, currency).format() + "  (" + amount.format() + " " + currency.text() + ")";
    }

    /** As the command line takes it, such as {@code 0.02usd}. */
    static String option(Money money) {
        String number = money.format().substring(0, money.format().indexOf(' '));
        return money.code().startsWith("unit:") ? "'" + number + ' ' + money.code() + "'" : number + money.code();
    }

    /** A server as an argument of a command that is to be typed. */
    static String argument(@Nullable Origin server) {
        return server == null ? "ORIGIN" : server.isHttps() ? server.text() : server.text() + " --loopback";
    }

    /** Who would get the money, and whether that is who was asked. */
    static String payee(Proposal proposal) {
        boolean itself = proposal.recipient().equals(proposal.origin().text());
        return Printable.line(proposal.recipient()) + (itself ? "  (the server itself)" : "  (not the server itself)");
    }

    static String request(Proposal proposal) {
        String query =
                proposal.target().query() == null ? "" : "?" + proposal.target().query();
        return Printable.line(proposal.target().method()
                + ' '
                + proposal.origin()
                + proposal.target().path()
                + query);
    }

    /** One line for an offer that nothing is known of yet but what it says. */
    static String offer(Challenge challenge) {
        String kind = challenge.method() + "/" + challenge.intent()
                + (challenge.jws() == null ? ", not signed" : ", signed")
                + (challenge.expires() == null ? "" : ", until " + challenge.expires());
        try {
            PaymentRequest request = challenge.paymentRequest();
            String payee = request.recipient() == null ? "" : " to " + request.recipient();
            String price = Money.of(request.amount(), request.currency()).format();
            Object services = request.methodDetails().get("providers");
            String through = services instanceof String list ? " through " + list.replace(" ", " or ") : "";
            Object issuer = request.methodDetails().get("issuer");
            String tokens = challenge.method().equals("token") && issuer instanceof String mint
                    ? " with tokens of " + mint
                    : "";
            return Printable.line(price + payee + through + tokens + " (" + kind + ")");
        } catch (MalformedException e) {
            return Printable.line("a price in terms of its own (" + kind + ")");
        }
    }

    /** A time span in words, in whole seconds. */
    static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
