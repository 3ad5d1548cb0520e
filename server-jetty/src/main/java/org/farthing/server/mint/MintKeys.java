package org.farthing.server.mint;

import java.io.IOException;
import java.util.List;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import org.jspecify.annotations.Nullable;

/** Where a mint's keys come from: a folder in which they are rotated, or a program that sees to them itself. */
public final class MintKeys {

    private final @Nullable MintKeyFiles files;
    private final List<MintKey> fixed;

    private MintKeys(@Nullable MintKeyFiles files, List<MintKey> fixed) {
        this.files = files;
        this.fixed = List.copyOf(fixed);
    }

    /**
     * Keys in a folder, made and rotated by the mint.
     *
     * @param folder the folder; it is made if it is not there
     * @return the keys
     */
    public static MintKeys in(MintKeyFiles folder) {
        return new MintKeys(folder, List.of());
    }

    /**
     * Keys that stay as they are.
     *
     * @param keys the keys; nobody makes others when they end
     * @return the keys
     */
    public static MintKeys of(List<MintKey> keys) {
        return new MintKeys(null, keys);
    }

    /** The folder, if there is one. */
    @Nullable
    MintKeyFiles files() {
        return files;
    }

    List<MintKey> read() throws IOException {
        return files == null ? fixed : files.read();
    }

    /** Where they are, and nothing of them. */
    @Override
    public String toString() {
        return files == null ? "MintKeys[" + fixed.size() + " keys]" : "MintKeys[" + files.folder() + "]";
    }
}
