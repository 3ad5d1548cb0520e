package org.farthing.client.app;

import java.io.IOException;
import java.util.Optional;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.OriginPins.Pin;
import org.farthing.client.trust.OriginPins.Sight;
import org.farthing.client.trust.OriginPins.Source;
import org.farthing.client.trust.TrustChange;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The origin of a trust command, what is pinned of it, and what it publishes now. */
final class TrustLook {

    @Parameters(paramLabel = "ORIGIN", converter = OriginConverter.class, description = "The server, as https://host.")
    private @Nullable Origin origin;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    Origin origin() throws CommandException {
        if (origin == null) {
            throw CommandException.usage("say which server");
        }
        loopback.require(origin);
        return origin;
    }

    /** Fetches the key document, over TLS and from the origin itself (spec/keys.md, F-KY-50). */
    Sight published(Shell shell) throws IOException, CommandException {
        Origin asked = origin();
        return Sight.of(
                asked,
                KeySource.published(asked, shell).directory(),
                shell.clock().instant());
    }

    /** Shows both, and what differs. */
    Optional<TrustChange> show(Shell shell, OriginPins pins, Sight now) throws IOException {
        TrustLines lines = new TrustLines(shell);
        Optional<Pin> pinned = pins.of(now.origin());
        shell.print("server     " + now.origin());
        if (pinned.isPresent()) {
            lines.pinned(now.origin(), pinned.get());
        } else {
            shell.print("pinned     nothing");
        }
        lines.published(now.origin(), now.pin(Source.OWNER));
        Optional<TrustChange> change = pins.change(now);
        if (pinned.isPresent()) {
            shell.print("verdict    "
                    + change.map(found -> "CHANGED: " + Printable.line(found.words()))
                            .orElse("as you trust it"));
        }
        return change;
    }
}
