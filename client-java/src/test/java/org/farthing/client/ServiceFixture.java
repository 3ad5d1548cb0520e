package org.farthing.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.Offer;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.testing.TestWalletService;
import org.farthing.protocol.Credential;

/** A {@link Fixture} whose payee takes receipts of a scripted wallet service that is in the purse. */
final class ServiceFixture implements AutoCloseable {

    final ScriptedServer wallets;
    final TestWalletService service;
    final Fixture fixture;

    ServiceFixture(Path temp) throws IOException {
        this(temp, policy -> policy, builder -> builder);
    }

    ServiceFixture(Path temp, UnaryOperator<SpendingPolicy.Builder> policy, UnaryOperator<PayingClient.Builder> change)
            throws IOException {
        wallets = ScriptedServer.start();
        Path directory = temp.resolve("purse");
        Purse purse = Files.exists(directory) ? Purse.open(directory) : Purse.create(directory, new SecureRandom());
        purse.services().add(wallets.origin(), true);
        fixture = new Fixture(temp, policy, change);
        service = new TestWalletService(
                wallets.origin(), fixture.clock, purse.publicKey(wallets.origin()), fixture.payee.directory());
        wallets.script(service.honest());
        fixture.payee.accept(service.directory());
        honestPayee();
    }

    TestPayee payee() {
        return fixture.payee;
    }

    SettableClock clock() {
        return fixture.clock;
    }

    void honestPayee() {
        payee((request, paid) -> fixture.payee.serve(paid));
    }

    /** What the payee does with a request that is paid for; unpaid ones get an offer through the service. */
    void payee(TestPayee.Paid paid) {
        fixture.server.script(fixture.payee.script(fixture.payer(), this::demand, paid));
    }

    Reply demand(Received request) {
        return fixture.payee.demand(request, this::throughService);
    }

    void throughService(Offer offer) {
        offer.providers = wallets.origin().text();
    }

    /** What the service does with orders before it does what an honest one does; null lets it. */
    void beforeOrders(Function<Received, Reply> first) {
        Function<Received, Reply> honest = service.honest();
        wallets.script(request -> {
            Reply early = request.target().equals("/v1/payments") ? first.apply(request) : null;
            return early == null ? honest.apply(request) : early;
        });
    }

    /** Every credential the payee saw. */
    List<String> credentials() {
        return fixture.server.received().stream()
                .flatMap(request -> request.credential().stream())
                .map(Credential::token68)
                .toList();
    }

    /** Orders and questions the service saw, without keys. */
    List<String> asked() {
        return wallets.received().stream()
                .map(request -> request.method() + " "
                        + request.target().replaceAll("challenge-[0-9]+", "ID").replaceAll("\\?.*", ""))
                .toList();
    }

    @Override
    public void close() throws IOException {
        fixture.close();
        wallets.close();
    }
}
