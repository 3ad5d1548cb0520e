package org.farthing.client.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.trust.OriginPins.Pin;
import org.farthing.client.trust.OriginPins.Source;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/** The file of pins: JSON, readable by its owner only, replaced whole. */
final class PinFile {

    private static final int MOST_BYTES = 1 << 25;
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(MOST_BYTES, 4, 64, 1 << 16);
    private static final String LISTED = "listed";
    private static final String FIRST_USE = "first-use";
    private static final String OWNER = "owner";
    private static final String FIRST_PAYMENT = "first-payment";

    private final Path file;

    PinFile(Path file) {
        this.file = file;
    }

    /** What the file says: the mode, and one pin for each origin. */
    record Content(TrustMode mode, TreeMap<String, Pin> pins) {}

    Content read() throws IOException {
        Content content = new Content(TrustMode.FIRST_USE, new TreeMap<>());
        if (!Files.exists(file)) {
            return content;
        }
        try {
            Members whole =
                    new Members(StrictJson.parseObject(OwnerOnly.read(file, MOST_BYTES), "pins", LIMITS), "pins");
            for (Members pin : whole.objects("pins")) {
                content.pins().put(pin.text("origin"), pin(pin));
            }
            return new Content(mode(whole.optionalText("mode")), content.pins());
        } catch (MalformedException e) {
            throw new PinsException(file + " is damaged; restore it, or remove it to trust all origins anew");
        }
    }

    private static Pin pin(Members pin) throws MalformedException {
        return new Pin(
                pin.text("payee"),
                Set.copyOf(pin.texts("providers")),
                pin.text("signs").equals("true"),
                Set.copyOf(pin.texts("keys")),
                pin.text("since"),
                OWNER.equals(pin.optionalText("source")) ? Source.OWNER : Source.FIRST_PAYMENT);
    }

    /** A mode that this version does not know is the strict one: it was not written to loosen anything. */
    private static TrustMode mode(@Nullable String text) {
        return text == null || text.equals(FIRST_USE) ? TrustMode.FIRST_USE : TrustMode.LISTED_ONLY;
    }

    void write(Content content) throws IOException {
        List<Object> list = new ArrayList<>();
        content.pins()
                .forEach((origin, pin) -> list.add(Map.of(
                        "origin", origin,
                        "payee", pin.payee(),
                        "providers", List.copyOf(pin.providers()),
                        "signs", Boolean.toString(pin.signs()),
                        "keys", List.copyOf(pin.thumbprints()),
                        "since", pin.since(),
                        "source", pin.source() == Source.OWNER ? OWNER : FIRST_PAYMENT)));
        String mode = content.mode() == TrustMode.LISTED_ONLY ? LISTED : FIRST_USE;
        OwnerOnly.replace(file, (CanonicalJson.write(Map.of("mode", mode, "pins", list)) + "\n").getBytes(UTF_8));
    }
}
