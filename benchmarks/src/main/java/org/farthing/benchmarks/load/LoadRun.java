package org.farthing.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.farthing.benchmarks.load.Comparison.Subject;

/**
 * R4, R5a, R5b, R5c and R6: each kind of request against the same server without payment, and paid by receipt token against paid by
 * order, in alternated pairs of one run. Prints a row a ratio: the median of the pairs with the smallest and largest, and the
 * same by server CPU a request.
 *
 * <p>The CPU is that of the payee's process alone: credentials are made in this one, tokens in that of the wallet service. For
 * tokens it includes collecting the money, up to the end.
 */
public final class LoadRun {

    private static final int SECONDS = 3;
    private static final int ORDERS_A_SAMPLE = 30_000;
    private static final int TOKENS_TO_SPARE = 3_000;

    /** Paid requests are few a second and their code is long: after one sample most of it is not compiled yet. */
    private static final int WARM_UPS = 3;

    /** The first ones also warm up what takes a challenge from where it lies ready. */
    private static final int MOST_FILLS = 20;

    /** After that, the payee itself is asked what is the matter. */
    private static final int LOOKS = 300;

    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Path folder;
    private final LoadKeys keys;
    private final LoadProcess service;
    private final LoadProcess server;
    private final int pairs;
    private final String only;
    private final int byOrder;
    private final int byToken;
    private final int prepared;
    private long mostPaid;

    private LoadRun(Path folder, LoadKeys keys, LoadProcess service, LoadProcess server, int pairs, String only) {
        this.folder = folder;
        this.keys = keys;
        this.service = service;
        this.server = server;
        this.pairs = pairs;
        this.only = only;
        this.byOrder = server.port(2);
        this.byToken = server.port(3);
        this.prepared = server.port(4);
    }

    /**
     * Makes the run.
     *
     * @param args how many pairs a ratio, 7 if left out; and how the names of the ratios to measure start, such as R4, all if
     *     left out
     * @throws Exception if server, wallet service or wrk fail, or their books do not agree at the end
     */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("farthing-load");
        LoadKeys keys = LoadKeys.create(folder);
        try (LoadProcess service = LoadProcess.start(LoadService.class, folder.toString());
                LoadProcess server =
                        LoadProcess.start(LoadServer.class, folder.toString(), Integer.toString(service.port(0)))) {
            int pairs = args.length == 0 ? 7 : Integer.parseInt(args[0]);
            new LoadRun(folder, keys, service, server, pairs, args.length < 2 ? "R" : args[1]).all();
        }
    }

    private void all() throws IOException, InterruptedException {
        service.ask("payee " + byToken);
        Subject plain = subject("plain", url(server.port(0), "/paid"), false);
        Subject free = subject("R6 free route", url(byOrder, "/free"), false);
        Subject unsigned = subject("R5a 402, no signature", url(server.port(1), "/paid"), true);
        Subject signed = subject("R5b 402, Ed25519 each", url(byOrder, "/paid"), true);
        Subject ahead = new Subject("R5c 402, prepared", true, this::takePrepared, this::prepare);
        Subject order = new Subject("R4 paid by order", false, this::payByOrder);
        Subject token = new Subject("R4 paid by receipt token", false, this::payByToken);
        System.out.println("warming up");
        for (Subject subject : List.of(plain, free, unsigned, signed)) {
            subject.load().run();
        }
        for (int i = 0; i < WARM_UPS; i++) {
            payByOrder();
            payByToken();
        }
        System.out.println(Comparison.HEADING);
        row(free, plain);
        row(unsigned, plain);
        row(signed, plain);
        row(ahead, plain);
        row(order, plain);
        row(token, plain);
        row(token, order);
        compareBooks();
    }

    private void row(Subject what, Subject beside) throws IOException, InterruptedException {
        if (what.name().startsWith(only)) {
            System.out.println(new Comparison(server, pairs).row(what, beside));
        }
    }

    private static Subject subject(String name, String url, boolean refused) {
        return new Subject(name, refused, () -> Wrk.run(url, SECONDS, null));
    }

    /**
     * Asks until as many lie ready as a sample can take. What is kept is as much as was asked for, and it is filled up when half
     * of it is gone: so the signatures are made here, off the path of what is measured.
     */
    private void prepare() throws IOException, InterruptedException {
        int ready = prepared();
        for (int i = 0; i < MOST_FILLS && ready < LoadServer.PREPARED; i++) {
            Wrk.run(url(prepared, "/paid"), 1, null);
            ready = prepared();
        }
        if (ready < LoadServer.PREPARED) {
            throw new IOException("only " + ready + " challenges lie ready");
        }
    }

    private int prepared() throws IOException {
        return Integer.parseInt(server.ask("prepared?"));
    }

    private Wrk.Sample takePrepared() throws IOException, InterruptedException {
        Wrk.Sample sample = Wrk.run(url(prepared, "/paid"), 1, null);
        if (sample.requests() > LoadServer.PREPARED / 2) {
            System.out.println("  (" + sample.requests() + " requests: some challenges were made meanwhile)");
        }
        return sample;
    }

    private Wrk.Sample payByOrder() throws IOException, InterruptedException {
        Path fields = folder.resolve("orders");
        Files.write(fields, keys.orders(LoadPort.origin(byOrder), ORDERS_A_SAMPLE));
        return pay(byOrder, fields, ORDERS_A_SAMPLE);
    }

    /** Pays with tokens whose money is held at the wallet service, and waits until the payee has collected it there. */
    private Wrk.Sample payByToken() throws IOException, InterruptedException {
        Path fields = folder.resolve("tokens");
        int count = enoughTokens();
        service.ask("mint " + byToken + " " + count + " " + fields);
        long before = collected().payments();
        Wrk.Sample sample = pay(byToken, fields, count);
        long meanwhile = collected().payments() - before;
        awaitCollected(before + sample.requests() - sample.not2xx());
        String drained = server.ask("drained?");
        long all = collected().payments() - before;
        System.out.println("  (" + sample.requests() + " requests; collected at the wallet service: " + meanwhile
                + " while wrk ran, " + all + " when " + drained + ")");
        return sample;
    }

    /** Waits beside the wallet service first: each question to the payee costs CPU time that is measured. */
    private void awaitCollected(long payments) throws IOException, InterruptedException {
        for (int i = 0; i < LOOKS && collected().payments() < payments; i++) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** Twice what any sample took, and some: tokens are made one by one, so not as many as could ever be. */
    private int enoughTokens() {
        return 2 * Math.toIntExact(mostPaid) + TOKENS_TO_SPARE;
    }

    private Wrk.Sample pay(int port, Path fields, int count) throws IOException, InterruptedException {
        Wrk.Sample sample = Wrk.run(url(port, "/paid"), SECONDS, Wrk.payingScript(folder, fields));
        mostPaid = Math.max(mostPaid, sample.requests());
        // wrk does not count those under way when the script stops it, and divides by the whole time all the same.
        if (sample.requests() >= count - Wrk.CONNECTIONS) {
            throw new IOException("the sample ran out of credentials after " + count + " requests: its rate is wrong");
        }
        return sample;
    }

    /** The proof that the tokens were money: what the payee earned is what the service paid. */
    private void compareBooks() throws IOException {
        Books earned = Books.parse(server.ask("books"));
        Books paid = collected();
        System.out.println("payee earned " + earned + ", books " + server.ask("check") + "; wallet service paid " + paid
                + ", books " + service.ask("check"));
        if (!earned.equals(paid) || paid.payments() == 0) {
            throw new IOException("the books of payee and wallet service do not agree");
        }
    }

    /** Asks the wallet service, whose CPU time is not what is measured. */
    private Books collected() throws IOException {
        return Books.parse(service.ask("books"));
    }

    private static String url(int port, String path) {
        return LoadPort.origin(port).text() + path;
    }
}
