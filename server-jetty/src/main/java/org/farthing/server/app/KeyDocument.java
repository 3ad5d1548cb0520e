package org.farthing.server.app;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.server.keys.KeyWatch;

/** The key document of a watched key folder: refuses keys that cannot be published, and changes before they sign. */
final class KeyDocument {

    private KeyDocument() {}

    /**
     * Follows a folder.
     *
     * @param made how keys become a document; throws what refuses them
     */
    static <K> Supplier<KeyDirectory> of(KeyWatch<K> keys, Function<K, KeyDirectory> made) {
        AtomicReference<KeyDirectory> document = new AtomicReference<>();
        keys.require(set -> {
            var unused = made.apply(set);
        });
        keys.onChange(set -> document.set(made.apply(set)));
        return () -> Objects.requireNonNull(document.get(), "set when it was made");
    }
}
