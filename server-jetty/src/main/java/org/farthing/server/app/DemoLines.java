package org.farthing.server.app;

import org.farthing.protocol.binding.Origin;

/** Lines to copy into another terminal while the demo serves. */
final class DemoLines {

    private static final String FARTHING = "java -jar client-java/target/farthing.jar ";

    private final Origin origin;
    private final DemoFolder folder;
    private final DemoStory say;

    DemoLines(Origin origin, DemoFolder folder, DemoStory say) {
        this.origin = origin;
        this.folder = folder;
        this.say = say;
    }

    void print(String money) {
        String document = origin + "/spec/money.md";
        String home = " --home " + quoted(folder.wallet().toString());
        String receipt = quoted(folder.receipt().toString());
        say.plain("");
        say.plain("The server stays. A wallet with " + money + " in it is in " + folder.wallet());
        say.plain("");
        say.plain("See a price, who signs it, and what is free:");
        say.plain("  curl -i " + document);
        say.plain("  curl -s " + origin + "/.well-known/payment-keys");
        say.plain("  curl -s " + origin + "/");
        say.plain("");
        say.plain("Ask, buy, and check the receipt (from the folder of the project):");
        say.plain("  " + FARTHING + "get --loopback --dry-run --max 0.01usd" + home + " " + document);
        say.plain("  " + FARTHING + "get --loopback --max 0.01usd --receipt " + receipt + home + " " + document);
        say.plain("  " + FARTHING + "receipt verify --loopback " + receipt);
    }

    void printService(Origin service, String money) {
        String document = origin + "/spec/encoding.md";
        String home = " --home " + quoted(folder.serviceWallet().toString());
        say.plain("");
        say.plain("The wallet service stays too, at " + service + ". A wallet there with " + money + " is in "
                + folder.serviceWallet());
        say.plain("");
        say.plain("Let the purse know it, buy by way of it, and see what became of the money:");
        say.plain("  " + FARTHING + "wallet service add --loopback" + home + " " + service);
        say.plain("  " + FARTHING + "get --loopback --via-wallet --max 0.01usd" + home + " " + document);
        say.plain("  " + FARTHING + "wallet statement --loopback" + home + " " + service);
    }

    void printMint(Origin mint, String money) {
        String home = " --home " + quoted(folder.wallet().toString());
        say.plain("");
        say.plain("The mint stays too, at " + mint + ". The wallet has " + money + " there as well.");
        say.plain("");
        say.plain("Buy tokens for this server, pay with them, and see what is left:");
        say.plain("  " + FARTHING + "tokens buy --loopback" + home + " --issuer " + mint + " " + origin + " 0.05usd");
        say.plain("  " + FARTHING + "get --loopback --tokens --max 0.01usd" + home + " " + origin + "/spec/token.md");
        say.plain("  " + FARTHING + "tokens list" + home);
    }

    void printReady() {
        say.plain("");
        say.plain("Stop it with Ctrl-C.");
        say.plain("ready " + origin + "/");
    }

    /** As a shell takes it: left alone where it is plain. */
    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9/._-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
