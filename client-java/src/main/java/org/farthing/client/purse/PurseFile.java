package org.farthing.client.purse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.client.files.OwnerOnly;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/** A small JSON object in an owner-only file: strict when read, canonical when written. */
final class PurseFile {

    private static final String VERSION = "1";

    private PurseFile() {}

    static Members read(Path file) throws IOException {
        try {
            byte[] content = OwnerOnly.read(file, StrictJson.Limits.BODY.bytes());
            Members members = new Members(StrictJson.parseObject(content, "purse", StrictJson.Limits.BODY), "purse");
            if (!members.text("version").equals(VERSION)) {
                throw new PurseException(file + " was written by another version");
            }
            return members;
        } catch (MalformedException e) {
            throw damaged(file);
        }
    }

    static byte[] write(Map<String, ? extends @Nullable Object> members) {
        Map<String, @Nullable Object> versioned = new TreeMap<>(members);
        versioned.put("version", VERSION);
        return (CanonicalJson.write(versioned) + "\n").getBytes(UTF_8);
    }

    /** Says that a file is damaged without saying how: it holds secrets, and so might the fault. */
    static PurseException damaged(Path file) {
        return new PurseException(file + " is damaged; restore it from your copy");
    }
}
