package org.farthing.conformance.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.conformance.client.TinyChecks.Price;
import org.farthing.conformance.client.TinyChecks.Refused;
import org.farthing.conformance.client.TinyWire.Answer;
import org.farthing.conformance.client.TinyWire.Field;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * A small payer for the scheme Payment with method {@code wallet}, right by itself and wrong where it is told to be. It shows
 * that every case of the client suite can fail.
 */
final class TinyPayer {

    static final int SERVED = 0;
    static final int ERROR = 1;
    static final int DECLINED = 3;
    static final int UNKNOWN = 5;
    static final int OTHER = 6;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PROVIDERS = Pattern.compile("\"providers\":\"([^\" ]+)");
    private static final int MOST_HOPS = 5;
    private static final int MOST_RESENDS = 2;
    /** A payer that pays for ever still has to end. */
    private static final int ENOUGH = 8;

    private final Set<Flaw> flaws;
    private final SigningKey key;
    private final TinyPins pins;
    private final InstantSource clock;
    private final TinyReader reader;
    private final TinyChecks checks;
    private final TinyBook book;
    private final TinyWire wire;
    private final TinyProof proof;
    private final StringBuilder out = new StringBuilder();
    private URI began = URI.create("/");

    TinyPayer(
            Set<Flaw> flaws,
            SigningKey key,
            String source,
            Money limit,
            Money budget,
            TinyPins pins,
            InstantSource clock) {
        this.flaws = flaws;
        this.key = key;
        this.pins = pins;
        this.clock = clock;
        this.reader = new TinyReader(flaws);
        this.checks = new TinyChecks(flaws, limit);
        this.book = new TinyBook(flaws, budget);
        this.wire = new TinyWire(flaws.contains(Flaw.TRUSTS_EVERYBODY));
        this.proof = new TinyProof(flaws, key, source);
    }

    private boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    /** One thing that is asked for, wherever redirects lead. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Request(String method, URI uri, byte[] body, List<Field> own) {

        Request at(URI elsewhere) {
            return new Request(method, elsewhere, body, own);
        }

        Origin origin() {
            return Origin.of(uri);
        }
    }

    /** An offer that may be paid. */
    private record Chosen(Map<String, String> offer, Price price) {}

    /** What it printed so far. */
    String output() {
        return out.toString();
    }

    /** Asks, pays if it must and may, and returns an exit code. */
    int run(String method, URI uri, byte[] body, List<Field> own) {
        try {
            return fetch(new Request(method, uri, body, own));
        } catch (IOException e) {
            out.append("no answer: ").append(e.getMessage()).append('\n');
            return ERROR;
        }
    }

    private int fetch(Request first) throws IOException {
        Request request = first;
        began = first.uri();
        Answer answer = send(request, List.of());
        for (int hop = 0; hop < MOST_HOPS && isRedirect(answer); hop++) {
            URI next = request.uri().resolve(answer.value("Location"));
            if (!has(Flaw.FOLLOWS_ELSEWHERE) && !request.origin().equals(Origin.of(next))) {
                return ended(OTHER, answer);
            }
            request = request.at(next);
            answer = send(request, List.of());
        }
        boolean asks = answer.status() == 402
                || (has(Flaw.PAYS_ANY_STATUS)
                        && !answer.values("WWW-Authenticate").isEmpty());
        return asks ? purchase(request, answer) : ended(answer.status() < 300 ? SERVED : OTHER, answer);
    }

    private static boolean isRedirect(Answer answer) {
        return answer.status() / 100 == 3 && !answer.value("Location").isEmpty();
    }

    private Answer send(Request request, List<Field> more) throws IOException {
        List<Field> fields = new ArrayList<>(request.own());
        fields.add(new Field("Accept-Payment", has(Flaw.WRITES_BAD_ACCEPT) ? "wallet" : "wallet/charge"));
        if (request.body().length > 0) {
            fields.add(
                    new Field("Content-Digest", ContentDigest.of(request.body()).format()));
        }
        for (Field field : more) {
            fields.removeIf(old -> old.name().equalsIgnoreCase(field.name()));
        }
        fields.addAll(more);
        boolean other = has(Flaw.SENDS_OTHER_BODY) && !more.isEmpty() && request.body().length > 0;
        return wire.send(
                request.uri(), request.method(), fields, other ? "something else".getBytes(UTF_8) : request.body());
    }

    private int purchase(Request request, Answer unpaid) throws IOException {
        openLinks(unpaid);
        if (has(Flaw.SEES_CONTENT_IN_402)
                && reader.challenges(unpaid.values("WWW-Authenticate")).isEmpty()) {
            return ended(SERVED, unpaid);
        }
        if ((has(Flaw.NEEDS_REASON_PHRASE) && !unpaid.reason().equals("Payment Required"))
                || (has(Flaw.NEEDS_PROBLEM) && !unpaid.body().contains("\"type\""))) {
            return ended(DECLINED, unpaid);
        }
        List<Chosen> chosen = choose(request, unpaid, null);
        if (has(Flaw.PAYS_EVERY_CHALLENGE)) {
            for (Chosen other : chosen.subList(Math.min(1, chosen.size()), chosen.size())) {
                send(request, fields(other, credential(request, other)));
            }
        }
        return chosen.isEmpty() ? ended(DECLINED, unpaid) : pay(request, chosen.get(0));
    }

    /** The offers that may be paid, in the server's order. */
    private List<Chosen> choose(Request request, Answer unpaid, @Nullable Price first) throws IOException {
        List<Chosen> found = new ArrayList<>();
        RequestTarget target = RequestTarget.ofUri(request.method(), request.uri());
        for (Map<String, String> offer : reader.challenges(unpaid.values("WWW-Authenticate"))) {
            try {
                boolean own =
                        request.own().stream().anyMatch(field -> field.name().equals("Authorization"));
                fetchWhatItNames(offer);
                if (has(Flaw.SHOWS_DESCRIPTION)) {
                    out.append(offer.getOrDefault("description", "")).append('\n');
                }
                Price price =
                        checks.check(offer, target, request.body(), clock.instant(), () -> keys(request.origin()));
                if (own && !offer.containsKey("header")) {
                    throw new Refused("my own Authorization stays");
                }
                if (first != null && !has(Flaw.PAYS_MORE) && !isNoWorse(price, first)) {
                    throw new Refused("more than the first time");
                }
                found.add(new Chosen(offer, price));
            } catch (Refused e) {
                out.append("not paid: ").append(e.getMessage()).append('\n');
                if (has(Flaw.FIRST_CHALLENGE_ONLY)) {
                    return List.of();
                }
            }
        }
        return List.copyOf(found);
    }

    private static boolean isNoWorse(Price now, Price then) {
        return now.currency().equals(then.currency())
                && now.recipient().equals(then.recipient())
                && now.capture().equals(then.capture())
                && now.units() <= then.units();
    }

    private KeyDirectory keys(Origin origin) throws IOException, MalformedException {
        URI uri = URI.create(origin.text() + KeyDirectory.WELL_KNOWN_PATH);
        Answer answer = wire.send(uri, "GET", List.of(), new byte[0]);
        if (answer.status() != 200) {
            throw new IOException("no key document");
        }
        KeyDirectory keys = KeyDirectory.parse(answer.body());
        if (!pins.hold(origin.text(), keys)) {
            throw new IOException("its keys are all new");
        }
        return keys;
    }

    private String credential(Request request, Chosen chosen) {
        return proof.credential(chosen.offer(), request.origin(), chosen.price().units());
    }

    private List<Field> fields(Chosen chosen, String credential) {
        String name = chosen.offer().getOrDefault("header", "Authorization");
        List<Field> fields =
                new ArrayList<>(List.of(new Field(has(Flaw.ONE_FIELD_ONLY) ? "Authorization" : name, credential)));
        if (has(Flaw.TWO_LINES)) {
            fields.add(fields.get(0));
        }
        return fields;
    }

    private int pay(Request request, Chosen first) throws IOException {
        Chosen chosen = first;
        for (int payments = 1; ; payments++) {
            if (!book.count(chosen.price())) {
                out.append("not paid: the budget is spent\n");
                return DECLINED;
            }
            Answer answer = paid(request, chosen);
            if (answer.status() / 100 == 2 && !isPaidAgain(answer, payments)) {
                return served(request, answer);
            }
            boolean released = isReleased(answer, chosen);
            if (released) {
                book.released(chosen.price());
            }
            openLinks(answer);
            boolean again = (released && payments == 1) || isPaidAgain(answer, payments);
            List<Chosen> next = again ? choose(request, answer, first.price()) : List.of();
            if (next.isEmpty()) {
                return ended(answer.status() == 402 ? DECLINED : OTHER, answer);
            }
            chosen = next.get(0);
        }
    }

    private boolean isPaidAgain(Answer answer, int payments) {
        boolean endless = has(Flaw.PAYS_EVERY_402) && answer.status() == 402;
        boolean greedy = has(Flaw.PAYS_MORE) && answer.status() == 402 && payments == 1;
        return (endless && payments < ENOUGH) || greedy;
    }

    private static boolean isReleased(Answer answer, Chosen chosen) {
        Optional<ChargeOutcome.State> state = ChargeOutcome.find(
                answer.values("Payment-Outcome"), chosen.offer().getOrDefault("id", ""));
        return state.filter(said -> said == ChargeOutcome.State.RELEASED || said == ChargeOutcome.State.REFUSED)
                .isPresent();
    }

    /** Sends a credential, the same again while it is not known what became of it. */
    private Answer paid(Request request, Chosen chosen) throws IOException {
        String credential = credential(request, chosen);
        if (has(Flaw.PRINTS_CREDENTIAL)) {
            out.append("> Authorization: ").append(credential).append('\n');
        }
        if (has(Flaw.PRINTS_PROOF)) {
            out.append("order ").append(TinyProof.jws(credential)).append('\n');
        }
        if (has(Flaw.SHOWS_CREDENTIAL_AROUND)) {
            wire.send(
                    URI.create(request.origin().text() + KeyDirectory.WELL_KNOWN_PATH),
                    "GET",
                    fields(chosen, credential),
                    new byte[0]);
        }
        Request where = has(Flaw.CREDENTIAL_IN_QUERY)
                ? request.at(URI.create(request.uri() + "?credential=" + credential.substring(8)))
                : has(Flaw.PAYS_WHERE_IT_BEGAN) ? request.at(began) : request;
        IOException broken = null;
        for (int sent = 0; sent <= MOST_RESENDS; sent++) {
            try {
                Answer answer = send(where, fields(chosen, credential));
                if (has(Flaw.CARRIES_CREDENTIAL) && isRedirect(answer)) {
                    return send(
                            request.at(request.uri().resolve(answer.value("Location"))), fields(chosen, credential));
                }
                if (!isOpen(answer, chosen) || sent == MOST_RESENDS || has(Flaw.GIVES_UP)) {
                    return answer;
                }
            } catch (IOException e) {
                broken = e;
                if (has(Flaw.GIVES_UP)) {
                    break;
                }
            }
            if (has(Flaw.SIGNS_ANEW)) {
                credential = new TinyProof(flaws, key, "did:key:z" + sent)
                        .credential(
                                chosen.offer(), request.origin(), chosen.price().units());
            }
        }
        throw new IOException("what became of the payment is not known", broken);
    }

    private static boolean isOpen(Answer answer, Chosen chosen) {
        Optional<ChargeOutcome.State> state = ChargeOutcome.find(
                answer.values("Payment-Outcome"), chosen.offer().getOrDefault("id", ""));
        boolean running = answer.status() == 409 && answer.body().contains("REQUEST_IN_PROGRESS");
        return state.isPresent()
                ? state.get() == ChargeOutcome.State.PENDING && answer.status() / 100 != 2
                : running || answer.status() >= 500;
    }

    private int served(Request request, Answer answer) throws IOException {
        String receipt = answer.value("Payment-Receipt");
        if (has(Flaw.PRINTS_RECEIPT)) {
            out.append("< Payment-Receipt: ").append(receipt).append('\n');
        }
        try {
            if (!receipt.isEmpty()) {
                PaymentReceipt read = PaymentReceipt.parse(receipt);
                if (has(Flaw.CHOKES_ON_RECEIPT) && read.members().size() > 4) {
                    return ERROR;
                }
            }
        } catch (MalformedException e) {
            out.append("the receipt does not hold\n");
            if (has(Flaw.PAYS_FOR_BAD_RECEIPT)) {
                Answer again = send(request, List.of());
                List<Chosen> next = choose(request, again, null);
                return next.isEmpty() ? DECLINED : ended(SERVED, paid(request, next.get(0)));
            }
        }
        return ended(SERVED, answer);
    }

    private int ended(int exit, Answer answer) {
        out.append(answer.body()).append('\n');
        return exit;
    }

    /** What nobody should do: fetch what somebody else wrote into a signature or a request. */
    private void fetchWhatItNames(Map<String, String> offer) throws IOException {
        if (has(Flaw.ASKS_PROVIDERS)) {
            byte[] request = Base64.getUrlDecoder().decode(offer.getOrDefault("request", ""));
            Matcher providers = PROVIDERS.matcher(new String(request, UTF_8));
            if (providers.find()) {
                wire.send(URI.create(providers.group(1)), "GET", List.of(), new byte[0]);
            }
        }
        String url =
                TinyChecks.header(offer.getOrDefault("jws", "")).path("jku").asText("");
        if (has(Flaw.FETCHES_BROUGHT_URL) && !url.isEmpty()) {
            wire.send(URI.create(url), "GET", List.of(), new byte[0]);
        }
    }

    /** What nobody should do: open what a problem offers as help. */
    private void openLinks(Answer answer) throws IOException {
        if (!has(Flaw.OPENS_LINKS)) {
            return;
        }
        for (JsonNode link : JSON.readTree(answer.body()).findValues("href")) {
            wire.send(URI.create(link.asText()), "GET", List.of(), new byte[0]);
        }
    }
}
