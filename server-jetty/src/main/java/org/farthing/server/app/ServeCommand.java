package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.Money;
import org.farthing.server.jetty.AcceptedServices;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.offer.Route;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farthing-server serve}: sells the files of a folder until it is stopped. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Sells the files of a folder: each request costs what you say and is paid within itself.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server serve --keys keys --store shop.db --port 8402 --price 0.002usd docs/",
            "  farthing-server serve --store shop.db --price 0.002usd --price '*.pdf=0.02usd' --free index.html docs/",
            "  farthing-server serve --store shop.db --price 1unit:page --port 8402 --origin https://shop.example docs/",
            "  farthing-server serve --store shop.db --price 0.002usd --mint token-keys docs/      also sells blind tokens",
            "%nTry it in another terminal, with a path that exists:",
            "  curl -i http://127.0.0.1:8402/a.html     402: the price, signed, and how to pay",
            "%nIt listens on 127.0.0.1 and speaks plain http there. For the world, put a TLS proxy in front on the",
            "same machine, name its origin with --origin and the field it writes clients' addresses to with",
            "--forwarded-for. Hidden files (.name) are never served."
        })
final class ServeCommand implements Runnable {

    private static final int SHOWN_FILES = 8;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIRECTORY", description = "The folder whose files are sold.")
    private Path directory = Path.of(".");

    @Option(
            names = "--store",
            paramLabel = "FILE_OR_URL",
            required = true,
            description = StoreAddress.WHAT + " Made if there is none. Keep it: it is the money.")
    private StoreAddress store = StoreAddress.of(Path.of("shop.db"));

    @Option(
            names = "--price",
            paramLabel = "[PATH=]MONEY",
            required = true,
            description = "What a request costs, such as 0.002usd; with PATH= for some files: '*.pdf=0.02usd',"
                    + " /books/*=0.01usd. Repeat it.")
    private List<String> prices = new ArrayList<>();

    @Option(
            names = "--free",
            paramLabel = "PATH",
            description = "What costs nothing: index.html, /samples/*, '*.css'. Repeat it.")
    private List<String> free = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8402",
            description = "The port, 0 for any free one (default: 8402).")
    private int port;

    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Mixin
    private LimitOptions limits = new LimitOptions();

    @Mixin
    private TokenOptions tokens = new TokenOptions();

    @Option(
            names = "--wallet-service",
            paramLabel = "ORIGIN",
            description =
                    "A wallet service whose receipts are taken too, such as https://wallet.example. Register there"
                            + " first. Repeat it.")
    private List<String> walletServices = new ArrayList<>();

    @Option(
            names = "--exposure",
            paramLabel = "MONEY",
            description =
                    "How much is sold against the receipts of one wallet service, or the tokens of one mint, before"
                            + " it is collected, such as 5usd (default: 10.00 of each currency). Repeat it for other"
                            + " currencies.")
    private List<String> exposures = new ArrayList<>();

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            defaultValue = KeysCommand.KeyFolder.DEFAULT,
            description = "The key folder (default: ${DEFAULT-VALUE}).")
    private Path keys = Path.of(KeysCommand.KeyFolder.DEFAULT);

    @Override
    public void run() {
        try (DocumentShop shop = DocumentShop.open(config())) {
            Thread closer = new Thread(shop::close, "farthing-stop");
            Runtime.getRuntime().addShutdownHook(closer);
            introduce(shop);
            shop.join();
        } catch (IOException e) {
            throw new CommandFailedException(Sentence.of(e), e);
        } catch (InterruptedException e) {
            // Asked to stop: the shop closes on the way out.
            Thread.currentThread().interrupt();
        }
    }

    private ShopConfig config() {
        Map<String, String> byPath = new LinkedHashMap<>();
        List<String> usual = new ArrayList<>();
        for (String price : prices) {
            int equals = price.lastIndexOf('=');
            String money = price.substring(equals + 1);
            if (equals < 0) {
                usual.add(money);
            } else {
                byPath.put(price.substring(0, equals), money);
            }
            Shown.money(money);
        }
        if (usual.size() != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say once what a file costs (--price 0.002usd); others get --price PATH=MONEY.");
        }
        ShopConfig.Builder config = ShopConfig.builder(directory, store, KeyFiles.in(keys), usual.get(0))
                .listening(listen.at(port))
                .services(services())
                .limits(limits.said());
        byPath.forEach(config::price);
        free.forEach(config::free);
        tokens.said(Shown.money(usual.get(0)).code()).ifPresent(config::tokens);
        return config.build();
    }

    private AcceptedServices services() {
        try {
            AcceptedServices services = AcceptedServices.none();
            for (String service : walletServices) {
                services = services.with(TypedOrigin.text(service));
            }
            for (String exposure : exposures) {
                services = services.withExposure(exposure);
            }
            return services;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--wallet-service, --exposure: " + e.getMessage() + ".");
        }
    }

    private void introduce(DocumentShop shop) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "Selling " + count(shop.files().size(), "file") + " of " + directory + " as " + shop.origin() + ":");
        shop.files().keySet().stream()
                .limit(SHOWN_FILES)
                .forEach(path -> out.println("  " + priceOf(shop, path) + "  " + path));
        if (shop.files().size() > SHOWN_FILES) {
            out.println("  and " + (shop.files().size() - SHOWN_FILES) + " more");
        }
        String paid = shop.files().keySet().stream()
                .filter(path -> shop.prices().find("GET", path).isPresent())
                .findFirst()
                .orElse("/");
        out.println("Try it:");
        out.println("  curl -i " + shop.origin() + paid);
        out.println("  farthing-server wallet topup --url " + shop.origin() + " --admin " + keys.resolve("admin.bearer")
                + " WALLET 5usd");
        if (!walletServices.isEmpty()) {
            out.println("Receipts are taken of " + String.join(", ", walletServices)
                    + ". What they owe is collected while this runs.");
        }
        shop.tokens().ifPresent(out::println);
        if (!shop.origin().isHttps()) {
            out.println(
                    "This is development on this machine. For the world: a TLS proxy in front, and --origin https://...");
        }
        out.println("Stop it with Ctrl-C.");
        out.println("ready " + shop.local() + "/");
        out.flush();
    }

    private static String priceOf(DocumentShop shop, String path) {
        Optional<Route> route = shop.prices().find("GET", path);
        return route.map(priced -> priced.offers().get(0).offer())
                .map(offer -> Money.of(offer.amount(), offer.currency()).format())
                .orElse("free");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
