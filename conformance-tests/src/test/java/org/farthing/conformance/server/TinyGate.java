package org.farthing.conformance.server;

import static org.farthing.protocol.ProblemType.INVALID_CHALLENGE;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.farthing.conformance.server.TinyBooks.Claim;
import org.farthing.conformance.server.TinyCredentials.Found;
import org.farthing.conformance.server.TinyRefusals.Asked;
import org.farthing.conformance.server.TinyRefusals.Refusal;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ReceiptSigner;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.jspecify.annotations.Nullable;

/** The paywall of {@link TinyPayee}: the checks of server.md in their order, then claim, application, capture. */
final class TinyGate {

    private static final VerificationKey NOBODYS =
            SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()).publicKey();

    private final TinyOffers offers;
    private final TinyBooks books;
    private final TinyShop shop;
    private final TinyRefusals refusals;
    private final TinyCredentials credentials;
    private final TinyMeetings meetings = new TinyMeetings();
    private final SigningKey key;
    private final TinyClock clock;
    private final Set<Fault> faults;

    TinyGate(SigningKey key, TinyBooks books, TinyShop shop, TinyClock clock, Set<Fault> faults) {
        this.offers = new TinyOffers(key, clock, faults);
        this.books = books;
        this.shop = shop;
        this.refusals = new TinyRefusals(offers, faults);
        this.credentials = new TinyCredentials(refusals, faults);
        this.key = key;
        this.clock = clock;
        this.faults = faults;
    }

    TinyAnswer answer(TinyRequest request, Origin origin) {
        String path = faults.contains(Fault.DOTS_RESOLVED)
                ? request.path().replaceFirst("^/[a-z-]+/\\.\\.", "")
                : request.path();
        if (faults.contains(Fault.REWRITE_FIELD)
                && request.first("X-Original-URL").isPresent()) {
            return TinyPage.at(request.first("X-Original-URL").orElse(""))
                    .map(page -> shop.serve(page, request, faults))
                    .orElse(new TinyAnswer(404));
        }
        Optional<TinyPage> page = TinyPage.at(path);
        Asked asked = new Asked(page.orElse(TinyPage.FREE), request, origin, null, null);
        try {
            TinyAnswer answer = page.isEmpty() ? notFound(asked) : page(asked);
            return faults.contains(Fault.OTHER_FIELD_CACHEABLE)
                            && !request.all("Payment-Authorization").isEmpty()
                    ? answer.remove("Cache-Control")
                    : answer;
        } catch (Refusal refusal) {
            return faults.contains(Fault.OTHER_FIELD_CACHEABLE)
                            && !request.all("Payment-Authorization").isEmpty()
                    ? refusal.answer().remove("Cache-Control")
                    : refusal.answer();
        }
    }

    private TinyAnswer notFound(Asked asked) throws Refusal {
        if (faults.contains(Fault.ERROR_SHOWS_PAGE)) {
            return shop.serve(TinyPage.PAID, asked.request(), faults);
        }
        throw faults.contains(Fault.NOT_FOUND_IS_402)
                ? refusals.pay(asked, ProblemType.PAYMENT_REQUIRED, "Pay for what is not there.")
                : refusals.no(asked, ProblemType.NOT_FOUND, "There is nothing here.");
    }

    private TinyAnswer page(Asked asked) throws Refusal {
        TinyRequest request = asked.request();
        if (passes(asked)) {
            return free(asked);
        }
        if (request.method.equals("OPTIONS")) {
            return new TinyAnswer(204).add("Allow", "GET, HEAD, OPTIONS, POST");
        }
        boolean stranger =
                request.first("Authorization").filter("Bearer app"::equals).isEmpty();
        if (asked.page() == TinyPage.SIGNED_IN && stranger && !faults.contains(Fault.PRICE_BEFORE_LOGIN)) {
            Refusal who = refusals.no(asked, ProblemType.UNAUTHENTICATED, "Sign in first.");
            who.answer().add("WWW-Authenticate", "Bearer");
            throw who;
        }
        if (faults.contains(Fault.ACCOUNT_NEEDED)) {
            return new TinyAnswer(302).add("Location", asked.origin().text() + "/login");
        }
        String idempotencyKey = idempotencyKey(asked);
        Found found = credentials.find(asked);
        if (found == null) {
            if (faults.contains(Fault.RUNS_UNPAID)) {
                shop.serve(asked.page(), request, faults);
            }
            throw refusals.pay(asked, ProblemType.PAYMENT_REQUIRED, "This page costs money.");
        }
        return paid(found, idempotencyKey);
    }

    /** Whether the paywall lets a request through. */
    private boolean passes(Asked asked) {
        TinyRequest request = asked.request();
        String method = request.method;
        boolean credential = request.all("Authorization").stream().anyMatch(value -> value.startsWith("Payment"));
        return (!asked.page().isPriced() && !faults.contains(Fault.FREE_IS_402))
                || (faults.contains(Fault.UNPAID_SERVED) && !credential)
                || (faults.contains(Fault.HEAD_FREE) && method.equals("HEAD"))
                || (faults.contains(Fault.OPTIONS_SERVES) && method.equals("OPTIONS"))
                || (faults.contains(Fault.OTHER_METHODS_FREE)
                        && !List.of("GET", "HEAD", "POST", "OPTIONS").contains(method))
                || (faults.contains(Fault.EMPTY_POST_FREE) && method.equals("POST") && !request.hasBody())
                || (faults.contains(Fault.RECEIPT_BUYS)
                        && request.fields.stream().anyMatch(field -> TinyCredentials.isReceipt(field.getValue())))
                || (faults.contains(Fault.OTHER_SCHEME_PAYS)
                        && !asked.page().ownsAuthorization()
                        && request.all("Authorization").stream().anyMatch(value -> !TinyCredentials.pays(value)))
                || (faults.contains(Fault.METHOD_OVERRIDE)
                        && request.first("X-HTTP-Method-Override").isPresent())
                || (faults.contains(Fault.RAW_PATH_PRICED)
                        && !request.rawPath().equals(asked.page().path()))
                || (faults.contains(Fault.CONDITIONAL_FIRST)
                        && request.first("If-None-Match").isPresent())
                || (faults.contains(Fault.RANGE_FIRST) && request.first("Range").isPresent());
    }

    private TinyAnswer free(Asked asked) {
        if (asked.page().isPriced() && asked.request().first("If-None-Match").isPresent()) {
            return new TinyAnswer(304).add("ETag", "\"1\"");
        }
        if (asked.page().isPriced() && asked.request().first("Range").isPresent()) {
            return new TinyAnswer(206)
                    .add("Content-Range", "bytes 0-3/20")
                    .body(
                            "application/json",
                            shop.serve(asked.page(), asked.request(), faults)
                                    .text()
                                    .substring(0, 4));
        }
        TinyAnswer answer = shop.serve(asked.page(), asked.request(), faults);
        return asked.request().first("Payment-Authorization").isPresent()
                ? answer.put("Cache-Control", "private")
                : answer;
    }

    private @Nullable String idempotencyKey(Asked asked) throws Refusal {
        List<String> values = asked.request().all("Idempotency-Key");
        if (!asked.request().isUnsafe() || values.isEmpty()) {
            return null;
        }
        if (faults.contains(Fault.IDEMPOTENCY_FORM_IGNORED)) {
            return values.get(0);
        }
        if (values.size() > 1 || !values.get(0).matches("[\\x21-\\x7e]{1,128}")) {
            throw refusals.no(asked, ProblemType.BAD_REQUEST, "One Idempotency-Key of 1 to 128 characters, please.");
        }
        return faults.contains(Fault.IDEMPOTENCY_IGNORED) ? null : values.get(0);
    }

    private TinyAnswer paid(Found found, @Nullable String idempotencyKey) throws Refusal {
        Asked asked = found.asked();
        Credential credential = found.credential();
        Challenge challenge = credential.challenge();
        checkChallenge(found);
        checkBody(asked, challenge);
        Optional<Claim> known = faults.contains(Fault.REPLAY_SERVED) ? Optional.empty() : books.claim(challenge.id());
        if (known.isPresent()) {
            return again(found, known.get());
        }
        checkTime(asked, challenge);
        PaymentOrder order = order(asked, credential);
        verify(asked, order);
        PaymentRequest request = request(asked, challenge);
        checkFunds(asked, order, request);
        String content = asked.request().target + " "
                + ContentDigest.of(asked.request().body).format();
        String scope = idempotencyKey == null
                ? null
                : String.join(
                        " ",
                        faults.contains(Fault.IDEMPOTENCY_OF_ANYBODY) ? "anybody" : order.wallet(),
                        asked.request().method,
                        asked.request().rawPath(),
                        idempotencyKey);
        Optional<Claim> done = books.idempotent(scope);
        if (done.isPresent()) {
            return sameKey(asked, done.get(), content);
        }
        Claim claim = new Claim(credential.fingerprint(), order.wallet(), content, new CompletableFuture<>());
        if (faults.contains(Fault.RACE)) {
            meetings.others(asked.page(), challenge.id());
            TinyAnswer answer = run(asked, challenge, request, claim, scope);
            books.take(challenge.id(), claim, scope, request);
            return answer;
        }
        Optional<Claim> first = books.take(challenge.id(), claim, scope, request);
        if (first.isPresent() && !faults.contains(Fault.REPLAY_SERVED)) {
            return again(found, first.get());
        }
        return run(asked, challenge, request, claim, scope);
    }

    private void checkChallenge(Found found) throws Refusal {
        Asked asked = found.asked();
        Challenge challenge = found.credential().challenge();
        if (faults.contains(Fault.AMOUNT_PARSED_FIRST)) {
            parseFirst(asked, challenge);
        }
        if (faults.contains(Fault.ID_NOT_CHECKED)) {
            return;
        }
        if (!challenge.method().equals("wallet")) {
            throw faults.contains(Fault.METHOD_UNSUPPORTED_IS_VERIFICATION)
                    ? refusals.pay(asked, ProblemType.VERIFICATION_FAILED, "The payment could not be verified.")
                    : refusals.no(asked, ProblemType.METHOD_UNSUPPORTED, "This server takes method wallet.");
        }
        String selected = challenge.header() == null ? "Authorization" : "Payment-Authorization";
        String method = faults.contains(Fault.METHOD_NOT_BOUND) ? "GET" : asked.request().method;
        RequestTarget target = RequestTarget.of(
                method,
                asked.origin(),
                asked.request().rawPath(),
                asked.request().rawQuery());
        boolean ours = offers.knows(challenge)
                && (selected.equals(found.field()) || faults.contains(Fault.ANY_FIELD) || headerUnbound())
                && (challenge.realm().equals(asked.origin().realm()) || faults.contains(Fault.CROSS_REALM))
                && challenge.intent().equals("charge")
                && (binds(challenge, target)
                        || faults.contains(Fault.CREDENTIAL_IN_QUERY)
                        || (faults.contains(Fault.DOTS_RESOLVED)
                                && target.path().contains(".."))
                        || faults.contains(Fault.CROSS_ROUTE)
                        || faults.contains(Fault.CROSS_REALM));
        if (!ours) {
            throw refusals.pay(asked, INVALID_CHALLENGE, "The payment is for another offer.");
        }
        if (faults.contains(Fault.DESCRIPTION_NEEDED) && !"One \"page\"".equals(challenge.description())) {
            throw refusals.pay(asked, INVALID_CHALLENGE, "The description is another one.");
        }
    }

    private void parseFirst(Asked asked, Challenge challenge) throws Refusal {
        try {
            var unused =
                    Integer.parseInt(String.valueOf(challenge.requestMembers().get("amount")));
        } catch (MalformedException | NumberFormatException e) {
            throw refusals.no(asked, ProblemType.INTERNAL_PAYMENT_ERROR, "That was not to be expected.");
        }
    }

    private boolean headerUnbound() {
        return faults.contains(Fault.HEADER_NOT_BOUND);
    }

    private boolean binds(Challenge challenge, RequestTarget target) {
        try {
            return faults.contains(Fault.OPAQUE_NOT_BOUND)
                    || Opaque.parse(String.valueOf(challenge.opaque())).binds(target);
        } catch (MalformedException e) {
            return false;
        }
    }

    private void checkBody(Asked asked, Challenge challenge) throws Refusal {
        String digest = challenge.digest();
        boolean right;
        try {
            right = digest == null
                    ? !asked.request().hasBody() || faults.contains(Fault.BODY_WITHOUT_DIGEST)
                    : ContentDigest.parseSlot(digest).matches(asked.request().body);
        } catch (MalformedException e) {
            right = false;
        }
        if (!right && !faults.contains(Fault.DIGEST_NOT_CHECKED) && !faults.contains(Fault.NO_DIGEST)) {
            throw refusals.pay(asked, INVALID_CHALLENGE, "The payment is for another body.");
        }
    }

    private void checkTime(Asked asked, Challenge challenge) throws Refusal {
        try {
            if (challenge.expires() != null
                    && !clock.instant().isBefore(challenge.expiresAt())
                    && !faults.contains(Fault.NEVER_EXPIRES)) {
                throw refusals.pay(
                        asked,
                        faults.contains(Fault.EXPIRED_IS_INVALID) ? INVALID_CHALLENGE : ProblemType.PAYMENT_EXPIRED,
                        "The offer has expired.");
            }
        } catch (MalformedException e) {
            throw refusals.pay(asked, INVALID_CHALLENGE, "The payment is for another offer.");
        }
    }

    private PaymentOrder order(Asked asked, Credential credential) throws Refusal {
        try {
            return PaymentOrder.parse(credential);
        } catch (MalformedException e) {
            throw refusals.pay(
                    asked,
                    faults.contains(Fault.PAYLOAD_IS_MALFORMED)
                            ? ProblemType.MALFORMED_CREDENTIAL
                            : ProblemType.INVALID_PAYLOAD,
                    "The payload is no order.");
        }
    }

    private PaymentRequest request(Asked asked, Challenge challenge) throws Refusal {
        try {
            return challenge.paymentRequest();
        } catch (MalformedException e) {
            throw refusals.pay(asked, INVALID_CHALLENGE, "The payment is for another offer.");
        }
    }

    private void verify(Asked asked, PaymentOrder order) throws Refusal {
        Optional<VerificationKey> walletKey = books.key(order.wallet());
        if (walletKey.isEmpty() && faults.contains(Fault.UNKNOWN_WALLET_TOLD)) {
            throw refusals.no(asked, ProblemType.NOT_FOUND, "There is no such wallet.");
        }
        if (!proves(order, walletKey.orElse(NOBODYS), asked.origin())) {
            String told = faults.contains(Fault.BALANCE_TOLD) ? " The wallet has " + books.balance(order.wallet()) : "";
            throw refusals.pay(asked, ProblemType.VERIFICATION_FAILED, "The payment could not be verified." + told);
        }
    }

    private boolean proves(PaymentOrder order, VerificationKey walletKey, Origin origin) {
        if (faults.contains(Fault.PROOF_NOT_CHECKED)) {
            return true;
        }
        if (faults.contains(Fault.PROOF_NEVER_HOLDS)) {
            return false;
        }
        if (TinyProofs.passes(order, faults)) {
            return true;
        }
        try {
            boolean foreign = faults.contains(Fault.ANY_LEDGER) && origin.isLoopback();
            order.verify(walletKey, foreign ? new Origin("https://other-ledger.example") : origin);
            return true;
        } catch (SignatureRejectedException e) {
            return false;
        }
    }

    private void checkFunds(Asked asked, PaymentOrder order, PaymentRequest request) throws Refusal {
        if (books.balance(order.wallet()) < request.amount().baseUnits() && !faults.contains(Fault.FUNDS_NOT_CHECKED)) {
            throw refusals.pay(
                    asked,
                    ProblemType.INSUFFICIENT_FUNDS,
                    "The wallet has less than the price.",
                    Map.of(
                            "required",
                            request.amount().format(),
                            "available",
                            Long.toString(books.balance(order.wallet())),
                            "currency",
                            request.currency().text()));
        }
    }

    /** A challenge that was paid before. */
    private TinyAnswer again(Found found, Claim claim) throws Refusal {
        Asked asked = found.asked();
        boolean same = found.credential().fingerprint().equals(claim.fingerprint());
        if (!same && !faults.contains(Fault.STORED_FOR_ANYBODY)) {
            PaymentOrder order = order(asked, found.credential());
            if (!order.wallet().equals(claim.wallet())
                    || !proves(order, books.key(order.wallet()).orElse(NOBODYS), asked.origin())) {
                throw refusals.pay(asked, INVALID_CHALLENGE, "The payment is for another offer.");
            }
            ProblemType why = claim.done().isDone() ? ProblemType.ALREADY_FULFILLED : ProblemType.REQUEST_IN_PROGRESS;
            meetings.toldToWait();
            throw refusals.no(asked, why, "These are other bytes than those that paid.");
        }
        if (faults.contains(Fault.SAME_BYTES_REFUSED)) {
            throw refusals.pay(asked, INVALID_CHALLENGE, "This challenge was used.");
        }
        if (faults.contains(Fault.SAME_BYTES_RUN_AGAIN)) {
            return shop.serve(asked.page(), asked.request(), faults);
        }
        return replayed(asked, claim);
    }

    private TinyAnswer sameKey(Asked asked, Claim claim, String content) throws Refusal {
        if (!claim.content().equals(content) && !faults.contains(Fault.IDEMPOTENCY_BY_KEY_ALONE)) {
            throw refusals.no(asked, ProblemType.IDEMPOTENCY_CONFLICT, "The key was used for something else.");
        }
        return replayed(asked, claim);
    }

    private TinyAnswer replayed(Asked asked, Claim claim) throws Refusal {
        try {
            TinyAnswer stored = claim.done().get(2, TimeUnit.SECONDS);
            if (!stored.isSuccess()) {
                throw released(asked);
            }
            return stored.copy().put("Payment-Replayed", "true");
        } catch (TimeoutException | ExecutionException e) {
            throw refusals.no(asked, ProblemType.REQUEST_IN_PROGRESS, "The request is in progress.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusals.no(asked, ProblemType.REQUEST_IN_PROGRESS, "The request is in progress.");
        }
    }

    private Refusal released(Asked asked) {
        Refusal refusal = refusals.no(asked, ProblemType.PAYMENT_RELEASED, "Nothing was charged.");
        return new Refusal(refusals.problem(asked, ProblemType.PAYMENT_RELEASED, 503, "Nothing was charged.")
                .add("Retry-After", refusal.answer().status == 503 ? "1" : "2"));
    }

    private TinyAnswer run(
            Asked asked, Challenge challenge, PaymentRequest request, Claim claim, @Nullable String scope) {
        TinyAnswer answer = shop.serve(asked.page(), asked.request(), faults);
        if (faults.contains(Fault.NO_RETRY_AFTER)) {
            meetings.somebodyToldToWait(asked.page());
        }
        if (answer.isSuccess() || faults.contains(Fault.FAILURE_CHARGED)) {
            refusals.outcome(answer, challenge, ChargeOutcome.State.CAPTURED);
            receipt(answer, challenge, request);
        } else {
            books.giveBack(claim, scope, request);
            if (faults.contains(Fault.RELEASED_IS_FORGOTTEN)) {
                books.forget(challenge.id());
            }
            refusals.outcome(answer, challenge, ChargeOutcome.State.RELEASED);
            if (!faults.contains(Fault.RELEASE_NOT_SIGNED)) {
                answer.add(
                        "Payment-Release",
                        ReleaseStatement.sign(key, challenge.id(), asked.origin(), clock.instant())
                                .formatField());
            }
            if (faults.contains(Fault.RECEIPT_ON_ERRORS)) {
                receipt(answer, challenge, request);
            }
        }
        if (!faults.contains(Fault.PAID_CACHEABLE)) {
            answer.put("Cache-Control", "private");
        }
        answer.add("Vary", "Authorization");
        claim.done().complete(answer.copy());
        return answer;
    }

    private void receipt(TinyAnswer answer, Challenge challenge, PaymentRequest request) {
        if (faults.contains(Fault.NO_RECEIPT)) {
            return;
        }
        PaymentReceipt receipt = PaymentReceipt.builder("wallet", "tiny-" + challenge.id(), clock.instant())
                .forChallenge(challenge, request, request.amount())
                .with("rb", rb(challenge))
                .build();
        answer.add("Payment-Receipt", TinyProofs.written(ReceiptSigner.sign(key, receipt), faults));
    }

    private static @Nullable String rb(Challenge challenge) {
        try {
            return Opaque.parse(String.valueOf(challenge.opaque())).rb();
        } catch (MalformedException e) {
            return null;
        }
    }
}
