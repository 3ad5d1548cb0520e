package org.farthing.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * Every single change of the members of a JSON object, at every depth: each removed, each of another type, and one that
 * nobody defined added to each object. Elements of arrays are steps of the path by their number.
 */
public final class MemberChanges {

    /** What was done. */
    public enum Kind {
        REMOVED,
        OTHER_TYPE,
        ADDED
    }

    /**
     * One change.
     *
     * @param kind what was done
     * @param path where, steps joined by points
     * @param json the whole object after it
     */
    public record Change(Kind kind, String path, String json) {}

    private static final List<Object> SCALARS = List.of("x", 1L, 1.5, true);

    private final Map<String, @Nullable Object> root;
    private final List<Change> changes = new ArrayList<>();

    private MemberChanges(Map<String, @Nullable Object> root) {
        this.root = root;
    }

    /** The changes of an object. */
    public static List<Change> of(String json) {
        try {
            StrictJson.Limits limits = new StrictJson.Limits(1 << 20, 8, 64, 1000);
            MemberChanges all = new MemberChanges(modifiable(StrictJson.parseObject(json, "json", limits)));
            all.object(all.root, "");
            return all.changes;
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void object(Map<String, @Nullable Object> object, String at) {
        for (String name : List.copyOf(object.keySet())) {
            String path = at + name;
            Object original = object.remove(name);
            add(Kind.REMOVED, path);
            for (@Nullable Object other : others(original)) {
                object.put(name, other);
                add(Kind.OTHER_TYPE, path);
            }
            object.put(name, original);
            descend(original, path + ".");
        }
        object.put("nobody defined this", List.of(1L));
        add(Kind.ADDED, at + "nobody defined this");
        object.remove("nobody defined this");
    }

    @SuppressWarnings("unchecked") // made by modifiable below
    private void descend(@Nullable Object value, String at) {
        if (value instanceof Map) {
            object((Map<String, @Nullable Object>) value, at);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> elements = (List<@Nullable Object>) list;
            for (int i = 0; i < elements.size(); i++) {
                Object original = elements.get(i);
                for (@Nullable Object other : others(original)) {
                    elements.set(i, other);
                    add(Kind.OTHER_TYPE, at + i);
                }
                elements.set(i, original);
                descend(original, at + i + ".");
            }
        }
    }

    /** Values of every other JSON type. */
    private static List<@Nullable Object> others(@Nullable Object original) {
        List<@Nullable Object> others = new ArrayList<>();
        for (Object scalar : SCALARS) {
            if (original == null || !scalar.getClass().equals(original.getClass())) {
                others.add(scalar);
            }
        }
        if (!(original instanceof Map)) {
            others.add(Map.of());
        }
        if (!(original instanceof List)) {
            others.add(List.of());
        }
        if (original != null) {
            others.add(null);
        }
        return others;
    }

    private void add(Kind kind, String path) {
        changes.add(new Change(kind, path, CanonicalJson.write(root)));
    }

    private static Map<String, @Nullable Object> modifiable(Map<?, ? extends @Nullable Object> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put((String) name, modifiableValue(value)));
        return copy;
    }

    private static @Nullable Object modifiableValue(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return modifiable(map);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(modifiableValue(element)));
            return copy;
        }
        return value;
    }
}
