package org.farthing.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.farthing.client.Payer.Settings;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.http.TlsSessions;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.method.WalletMethods;
import org.farthing.client.purse.Purse;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.TrustMode;
import org.farthing.client.trust.TrustQuestion;
import org.farthing.client.wallet.PaymentsApi;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client that answers 402 by itself, within what its owner allowed (spec/client.md). It wraps a
 * {@link HttpClient}: where nothing is asked for, it does what that does.
 *
 * <p>One request pays at most once by itself. Every check comes before money: verified TLS (or the loopback profile), the
 * payee's signature, that the challenge is for this request and this body, its time, currency, amount and recipient, the
 * policy, and pins of the payee. The payment is on disk before it is signed, and before it is sent; a lost answer is asked
 * for again with the same bytes. The caller always gets the last answer, and beside it what became of the money.
 *
 * <p>Unlike the wrapped client it follows redirects within one origin itself, for GET and HEAD, and none to another origin.
 * A request body of known length up to the limit (8 MiB) is held in memory; others are sent, and never paid for.
 *
 * <p>Safe to share between threads. {@link #sendAsync} blocks nobody; disk, locks and the owner's approval happen on an
 * executor of their own.
 */
public final class PayingClient {

    private static final int THREADS = 64;
    private static final Executor BLOCKING = threads();

    private final HttpClient http;
    private final Payer payer;

    private PayingClient(HttpClient http, Payer payer) {
        this.http = http;
        this.payer = payer;
    }

    private static Executor threads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "farthing-payments");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /**
     * Starts a client.
     *
     * @param purse the keys it pays with; journal and pins lie in its directory unless the builder is told otherwise
     * @param policy what it may pay; there is no client without one
     * @return a builder
     */
    public static Builder builder(Purse purse, SpendingPolicy policy) {
        return new Builder(purse, policy);
    }

    /**
     * Sends a request, and pays if it must and may. Blocks until the last answer.
     *
     * @param <T> the type of the body
     * @param request the request, without a payment credential
     * @param handler what to do with the body of the answer that the caller gets
     * @return the answer, and what became of the money
     * @throws IOException if no answer came to the request without a payment; what happens to a payment is an outcome and
     *     no exception
     * @throws InterruptedException if the thread was interrupted; a payment that was sent stays in the journal, to be
     *     resumed
     */
    public <T> PaidResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return await(sendAsync(request, handler));
    }

    /**
     * Sends a request, and pays if it must and may.
     *
     * @param <T> the type of the body
     * @param request the request, without a payment credential
     * @param handler what to do with the body of the answer that the caller gets
     * @return completes with the answer and what became of the money, or fails with an {@link IOException} if no answer
     *     came to the request without a payment; cancelling it stops before the next step
     */
    public <T> CompletableFuture<PaidResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return new Conversation<>(payer, http, request, handler).start();
    }

    /**
     * Takes up an open payment of a request without body: sends the stored bytes again, and gets what was paid for.
     *
     * @param <T> the type of the body
     * @param payment an open payment of this client's journal
     * @param handler what to do with the body of the answer
     * @return the answer, and what became of the money
     * @throws IOException if the journal cannot be relied on
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalStateException if the payment is over
     */
    public <T> PaidResponse<T> resume(JournalEntry payment, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return await(resumeAsync(payment, null, handler));
    }

    /**
     * Takes up an open payment.
     *
     * @param <T> the type of the body
     * @param payment an open payment of this client's journal
     * @param request the request that was paid for, with its headers and body; null for a bare one without body
     * @param handler what to do with the body of the answer
     * @return completes with the answer and what became of the money; fails with an {@link IllegalStateException} if the
     *     payment is over, with an {@link IllegalArgumentException} if the request is another, and with an
     *     {@link IOException} if the journal cannot be relied on
     */
    public <T> CompletableFuture<PaidResponse<T>> resumeAsync(
            JournalEntry payment, @Nullable HttpRequest request, BodyHandler<T> handler) {
        Cancellation cancellation = new Cancellation();
        Resumption<NetReply<T>> resumption =
                new Resumption<>(payer, cancellation, payment, target -> carrier(request, target, handler));
        return cancellation.stopsWith(resumption.start().thenCompose(NetReply::forCaller));
    }

    private <T> CompletableFuture<NetCarrier<T>> carrier(
            @Nullable HttpRequest given, RequestTarget target, BodyHandler<T> handler) {
        HttpRequest request = given == null ? PaidRequest.rebuilt(target.method(), URI.create(target.url())) : given;
        return RequestBody.of(request.bodyPublisher(), payer.settings().mostBody())
                .thenApply(body -> new NetCarrier<>(
                        http, PaidRequest.prepared(request, body, payer.acceptPayment()), body, handler));
    }

    /**
     * The journal of this client's payments.
     *
     * @return the journal
     */
    public SpendingJournal journal() {
        return payer.journal();
    }

    /** Shows the purse's directory, and nothing of what is in it. */
    @Override
    public String toString() {
        return "PayingClient[" + payer.purse() + "]";
    }

    private static <T> PaidResponse<T> await(CompletableFuture<PaidResponse<T>> future)
            throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = Failures.cause(e);
            if (cause instanceof IOException io) {
                throw io;
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IOException("the request failed", cause);
        }
    }

    /** Collects what a client works with. Everything but purse and policy has a default. */
    public static final class Builder {

        private final Purse purse;
        private final SpendingPolicy policy;
        private @Nullable HttpClient http;
        private @Nullable SpendingJournal journal;
        private @Nullable OriginPins pins;
        private @Nullable Function<HttpClient, KeyFetcher> keys;
        private @Nullable List<PaymentMethod> methods;
        private final List<PaymentMethod> preferred = new ArrayList<>();
        private TrustQuestion trust = TrustQuestion.REFUSE;
        private TrustMode trustMode = TrustMode.FIRST_USE;
        private InstantSource clock = InstantSource.system();
        private PaymentTimer timer = PaymentTimer.SYSTEM;
        private Executor executor = BLOCKING;
        private PaymentListener listener = PaymentListener.NONE;
        private boolean loopback;
        private boolean replaceAuthorization;
        private boolean announces = true;
        private boolean viaServices;
        private UnaryOperator<PaymentMethod> wrapper = UnaryOperator.identity();
        private int mostBody = 8 * 1024 * 1024;
        private Duration patience = Duration.ofSeconds(60);
        private Duration answerTimeout = Duration.ofSeconds(60);
        private List<String> currencies = List.of();

        private Builder(Purse purse, SpendingPolicy policy) {
            this.purse = purse;
            this.policy = policy;
        }

        /**
         * Sets the client to wrap. It must not follow redirects: this one does, and stops at the border of an origin. With
         * an {@link java.net.Authenticator} in it, only challenges that select {@code Payment-Authorization} are paid: JDK 17
         * drops every {@code Authorization} that such a client did not make itself.
         *
         * @param client a client with {@link HttpClient.Redirect#NEVER}
         * @return this
         * @throws IllegalArgumentException if it follows redirects
         */
        public Builder httpClient(HttpClient client) {
            if (client.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException(
                        "the wrapped client must not follow redirects: a credential could cross an origin");
            }
            this.http = client;
            return this;
        }

        /**
         * Sets the journal; otherwise it is {@code journal.jsonl} in the purse's directory.
         *
         * @param spending the journal
         * @return this
         */
        public Builder journal(SpendingJournal spending) {
            this.journal = spending;
            return this;
        }

        /**
         * Sets the pins; otherwise they are {@code pins.json} in the purse's directory.
         *
         * @param known the pins
         * @return this
         */
        public Builder pins(OriginPins known) {
            this.pins = known;
            return this;
        }

        /**
         * Sets where key documents come from; otherwise they are fetched with the TLS settings of the wrapped client, within
         * 3 seconds, and from public addresses only where the origin is not the one asked.
         *
         * @param documents the fetcher
         * @return this
         */
        public Builder keyFetcher(KeyFetcher documents) {
            return keyFetcher(client -> documents);
        }

        /**
         * Sets how key documents are fetched, where that shall have the TLS settings of the client that asks.
         *
         * @param documents makes a fetcher like the client it is given, which is the wrapped one or, over another HTTP library,
         *     one with its TLS settings
         * @return this
         */
        public Builder keyFetcher(Function<HttpClient, KeyFetcher> documents) {
            this.keys = documents;
            return this;
        }

        /**
         * Sets the ways to pay, the most wanted first; otherwise they are those of {@link WalletMethods#all}.
         *
         * @param wanted at least one method
         * @return this
         */
        public Builder methods(List<PaymentMethod> wanted) {
            this.methods = List.copyOf(wanted);
            return this;
        }

        /**
         * Sets a way to pay that is wanted more than all others; what was preferred before comes after it.
         *
         * @param first the method, such as {@code BlindTokens.method()}
         * @return this
         */
        public Builder preferMethod(PaymentMethod first) {
            this.preferred.add(0, first);
            return this;
        }

        /**
         * Pays through the purse's wallet services only, also where the payee is a ledger itself.
         *
         * @return this
         */
        public Builder viaWalletServices() {
            this.viaServices = true;
            return this;
        }

        /**
         * Puts something around each way to pay, such as one that looks at prices and cannot sign.
         *
         * @param around makes another method of each
         * @return this
         */
        public Builder wrapMethods(UnaryOperator<PaymentMethod> around) {
            this.wrapper = around;
            return this;
        }

        /**
         * Sets who is asked when an origin's payee or keys changed; otherwise such an origin is not paid.
         *
         * @param question who is asked
         * @return this
         */
        public Builder onTrustChange(TrustQuestion question) {
            this.trust = question;
            return this;
        }

        /**
         * Sets whether origins may be paid that are not pinned yet. Otherwise that is what the pins say themselves
         * ({@link OriginPins#mode}), and that can be made stricter here, not looser.
         *
         * @param mode the mode
         * @return this
         */
        public Builder trustMode(TrustMode mode) {
            this.trustMode = mode;
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param source the time
         * @return this
         */
        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        /**
         * Sets what waits between two attempts.
         *
         * @param waiting the timer
         * @return this
         */
        public Builder timer(PaymentTimer waiting) {
            this.timer = waiting;
            return this;
        }

        /**
         * Sets where steps run that block: disk, locks, the owner's approval; otherwise 64 threads that all clients share.
         * It needs a thread for each payment that waits for approval, or others wait with it.
         *
         * @param blocking the executor
         * @return this
         */
        public Builder executor(Executor blocking) {
            this.executor = blocking;
            return this;
        }

        /**
         * Sets who hears of the steps.
         *
         * @param hearing the listener
         * @return this
         */
        public Builder listener(PaymentListener hearing) {
            this.listener = hearing;
            return this;
        }

        /**
         * Switches the loopback profile on: plain http to a loopback address literal may be paid, with a key, a wallet and
         * a budget of its own. For development.
         *
         * @return this
         */
        public Builder loopbackProfile() {
            this.loopback = true;
            return this;
        }

        /**
         * Lets a credential take the place of the request's own {@code Authorization} where the challenge offers no other
         * field. Otherwise such a challenge is not paid.
         *
         * @return this
         */
        public Builder replaceAuthorization() {
            this.replaceAuthorization = true;
            return this;
        }

        /**
         * Says in which currencies to pay where a payee offers a choice; the policy's limits hold in each of them. Without it,
         * and for currencies it does not name, the payee's order counts.
         *
         * @param codes ISO codes and units, such as {@code unit:pages} and {@code usd}, the most wanted first
         * @return this
         * @throws IllegalArgumentException if a code is none
         */
        public Builder prefer(String... codes) {
            for (String code : codes) {
                if (!new CurrencyId(code).code().equals(code)) {
                    throw new IllegalArgumentException("name the currency by its code alone, not as " + code);
                }
            }
            this.currencies = List.of(codes);
            return this;
        }

        /**
         * Says whether every request tells, in {@code Accept-Payment}, what can be paid with; it does unless switched off.
         *
         * @param announce false to tell nobody
         * @return this
         */
        public Builder announce(boolean announce) {
            this.announces = announce;
            return this;
        }

        /**
         * Sets how long a request body may be to be held and paid for; otherwise 8 MiB.
         *
         * @param bytes the limit
         * @return this
         */
        public Builder mostBody(int bytes) {
            this.mostBody = bytes;
            return this;
        }

        /**
         * Sets how long the answer to a payment is asked for again before its outcome is unknown; otherwise 60 seconds. It
         * never goes beyond 10 minutes after the challenge ended.
         *
         * @param longest how long in all
         * @return this
         */
        public Builder patience(Duration longest) {
            this.patience = longest;
            return this;
        }

        /**
         * Sets how long one attempt with a credential waits for its answer if the request itself does not say; otherwise 60
         * seconds.
         *
         * @param longest how long
         * @return this
         */
        public Builder answerTimeout(Duration longest) {
            this.answerTimeout = longest;
            return this;
        }

        /**
         * Makes the client, and opens journal and pins if they were not given.
         *
         * @return the client
         * @throws IOException if the journal, the pins or the purse's lists cannot be relied on
         */
        public PayingClient build() throws IOException {
            HttpClient client = http;
            if (client == null) {
                HttpClient.Builder own = ownClient();
                client = (paysAhead() ? own.sslContext(TlsSessions.own()) : own).build();
            }
            return new PayingClient(client, payer(client));
        }

        /**
         * Makes the engine alone, for a client over another HTTP library. Key documents and wallet services are asked with
         * {@code java.net.http} all the same.
         *
         * @param tls the TLS settings for that, if no {@link #httpClient} was set; null for the platform's
         * @return the engine
         * @throws IOException if the journal, the pins or the purse's lists cannot be relied on
         */
        public PaymentEngine buildEngine(@Nullable SSLContext tls) throws IOException {
            HttpClient client = http;
            if (client == null) {
                HttpClient.Builder own = ownClient();
                client = (tls == null ? own : own.sslContext(tls)).build();
            }
            return new PaymentEngine(payer(client));
        }

        /** What pays with tokens takes up no TLS session of what bought them: a payee may be the issuer too (F-TK-163). */
        private boolean paysAhead() {
            List<PaymentMethod> ways = methods == null ? List.of() : methods;
            return Stream.concat(preferred.stream(), ways.stream()).anyMatch(PaymentMethod::isPrepaid);
        }

        private static HttpClient.Builder ownClient() {
            return HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(10));
        }

        private Payer payer(HttpClient client) throws IOException {
            Path directory = purse.directory();
            KeyFetcher fetcher =
                    keys != null ? keys.apply(client) : new KeyFetcher(client, clock, executor, Duration.ofSeconds(3));
            return new Payer(
                    purse,
                    policy,
                    journal != null ? journal : SpendingJournal.open(directory.resolve("journal.jsonl"), clock),
                    pins != null ? pins : OriginPins.open(directory.resolve("pins.json")),
                    fetcher,
                    waysToPay(client, fetcher),
                    trust,
                    clock,
                    timer,
                    executor,
                    listener,
                    new PassBook(),
                    new Settings(
                            loopback,
                            replaceAuthorization,
                            announces,
                            trustMode,
                            mostBody,
                            patience,
                            answerTimeout,
                            currencies));
        }

        private List<PaymentMethod> waysToPay(HttpClient client, KeyFetcher fetcher) throws IOException {
            PaymentsApi payments = new PaymentsApi(client, purse, clock, loopback);
            List<PaymentMethod> ways = methods;
            if (ways == null) {
                ways = viaServices
                        ? WalletMethods.services(purse, payments, fetcher, clock)
                        : WalletMethods.all(purse, payments, fetcher, clock);
            }
            List<PaymentMethod> all = new ArrayList<>(preferred);
            all.addAll(ways);
            return all.stream().map(wrapper).toList();
        }
    }
}
